/** Tests of the relay, without a broker and without sockets. */
@NullMarked
package io.sluice.relay;

import org.jspecify.annotations.NullMarked;
