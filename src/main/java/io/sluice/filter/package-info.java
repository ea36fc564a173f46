/**
 * Which records match, and what of them is kept: key, projection. Pure decisions over a record's
 * bytes.
 */
@NullMarked
package io.sluice.filter;

import org.jspecify.annotations.NullMarked;
