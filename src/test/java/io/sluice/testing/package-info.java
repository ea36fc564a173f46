/** Honest stand-ins for the ports, for the tests of every room. */
@NullMarked
package io.sluice.testing;

import org.jspecify.annotations.NullMarked;
