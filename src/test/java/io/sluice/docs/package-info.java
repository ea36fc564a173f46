/** What the documentation says, held against the gateway. */
@NullMarked
package io.sluice.docs;

import org.jspecify.annotations.NullMarked;
