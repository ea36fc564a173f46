/** Tests of what is kept of records, pure parts by values. */
@NullMarked
package io.sluice.filter;

import org.jspecify.annotations.NullMarked;
