/**
 * Messages and records to bytes and back. JSON text as RFC 8259 has it; record values that are JSON
 * pass through byte for byte, and everything else is wrapped so that it can never break the message
 * around it.
 */
@NullMarked
package io.sluice.wire;

import org.jspecify.annotations.NullMarked;
