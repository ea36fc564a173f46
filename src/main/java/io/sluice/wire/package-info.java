/**
 * Messages and records to bytes and back, as JSON (RFC 8259) or CBOR (RFC 8949). What a message
 * says is described once: commands are read through {@link io.sluice.wire.Fields}, events written
 * through {@link io.sluice.wire.MessageWriter}; only records, the hot path, have a writer of their
 * own for each format. In JSON a record's value passes through byte for byte where it is JSON, and
 * everything else is wrapped so that it can never break the message around it; in CBOR bytes are
 * byte strings.
 */
@NullMarked
package io.sluice.wire;

import org.jspecify.annotations.NullMarked;
