/**
 * The gateway's own log lines: the list of their keys, how one is written, and how it leaves the
 * process without holding anybody up. Not to be mixed up with {@code io.sluice.log}, whose log is
 * Kafka's.
 *
 * <p>Every room that logs may know the keys; only this one knows Logback.
 */
@NullMarked
package io.sluice.logging;

import org.jspecify.annotations.NullMarked;
