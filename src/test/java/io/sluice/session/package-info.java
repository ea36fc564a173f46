@NullMarked
package io.sluice.session;

import org.jspecify.annotations.NullMarked;
