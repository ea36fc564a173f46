/** Tests of which records match. */
@NullMarked
package io.sluice.filter;

import org.jspecify.annotations.NullMarked;
