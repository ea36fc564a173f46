/** The embedded broker and the live demo feed, tested. */
@NullMarked
package io.sluice.embedded;

import org.jspecify.annotations.NullMarked;
