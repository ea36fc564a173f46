/** Tests of the nouns of the log. */
@NullMarked
package io.sluice.log;

import org.jspecify.annotations.NullMarked;
