/** Tests of which records match and what is kept of them, pure parts by values. */
@NullMarked
package io.sluice.filter;

import org.jspecify.annotations.NullMarked;
