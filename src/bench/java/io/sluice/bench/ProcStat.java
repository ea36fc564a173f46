package io.sluice.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What Linux counts of one process (proc(5)).
 *
 * @param cpuSeconds user and system time of all its threads, those that ended too; in steps of 10
 *     ms
 * @param peakBytes the most memory that was resident at once
 * @param residentBytes memory that is resident now
 */
record ProcStat(double cpuSeconds, long peakBytes, long residentBytes) {
  /** USER_HZ, which is 100 on every architecture that Java runs on. */
  private static final double TICKS_PER_SECOND = 100;

  /** Fields of {@code stat} behind the name, which is in brackets and may hold anything. */
  private static final int UTIME = 11;

  private static final int STIME = 12;

  /** Of two processes together. */
  ProcStat plus(ProcStat other) {
    return new ProcStat(
        cpuSeconds + other.cpuSeconds,
        peakBytes + other.peakBytes,
        residentBytes + other.residentBytes);
  }

  /** Of this process, now. */
  static ProcStat self() {
    return of(Path.of("/proc/self"));
  }

  /** Of process {@code pid}, now. */
  static ProcStat of(long pid) {
    return of(Path.of("/proc", Long.toString(pid)));
  }

  /** Processor time that all of this machine has taken since its start, idle time not. */
  static double machineCpuSeconds() {
    try {
      return machineCpuSeconds(Files.readAllLines(Path.of("/proc/stat")).getFirst());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads the first line of {@code /proc/stat}: user, nice, system, idle, iowait, irq, softirq,
   * steal.
   */
  static double machineCpuSeconds(String line) {
    String[] fields = line.trim().split(" +");
    return IntStream.of(1, 2, 3, 6, 7, 8).mapToLong(i -> Long.parseLong(fields[i])).sum()
        / TICKS_PER_SECOND;
  }

  private static ProcStat of(Path folder) {
    try {
      return parse(
          Files.readString(folder.resolve("stat")), Files.readAllLines(folder.resolve("status")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads the text of {@code /proc/PID/stat} and the lines of {@code /proc/PID/status}. */
  static ProcStat parse(String stat, List<String> status) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    long ticks = Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME]);
    return new ProcStat(
        ticks / TICKS_PER_SECOND, kilobytes(status, "VmHWM:"), kilobytes(status, "VmRSS:"));
  }

  private static long kilobytes(List<String> status, String label) {
    return status.stream()
        .filter(line -> line.startsWith(label))
        .map(line -> line.substring(label.length()).trim().split(" ")[0])
        .mapToLong(number -> Long.parseLong(number) * 1024)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("status has no " + label));
  }
}
