@NullMarked
package io.sluice.channel;

import org.jspecify.annotations.NullMarked;
