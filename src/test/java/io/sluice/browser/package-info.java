/** The JavaScript client and the page, tested in Node and in a real browser. */
@NullMarked
package io.sluice.browser;

import org.jspecify.annotations.NullMarked;
