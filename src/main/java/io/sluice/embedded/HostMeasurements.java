package io.sluice.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import oshi.SystemInfo;
import oshi.hardware.CentralProcessor;
import oshi.hardware.GlobalMemory;
import oshi.hardware.HWDiskStore;
import oshi.hardware.HardwareAbstractionLayer;
import oshi.hardware.NetworkIF;
import oshi.hardware.VirtualMemory;

/**
 * What this machine is doing: processors, load, memory, disks, network. Used by one thread.
 *
 * <p>Rates (processors, disks, network) are means since the measurement before, so the first one
 * has none.
 */
final class HostMeasurements {
  /** Devices that only repeat the traffic of a device below them. */
  private static final Pattern STACKED =
      Pattern.compile("(/dev/)?(loop|ram|zram|dm-|md|veth|docker|br-|virbr|cni|flannel).*");

  /** Disks and network cards come and go seldom, and listing them costs some milliseconds. */
  private static final int TAKES_PER_LISTING = 60;

  private final HardwareAbstractionLayer hardware;
  private final Rates rates = new Rates();
  private long[] systemTicks = {};
  private long[][] coreTicks = {};
  private List<HWDiskStore> disks = List.of();
  private List<NetworkIF> cards = List.of();
  private int takes;

  HostMeasurements() {
    this(new SystemInfo().getHardware());
  }

  HostMeasurements(HardwareAbstractionLayer hardware) {
    this.hardware = hardware;
  }

  /**
   * Measures now.
   *
   * @param nanos now, on the clock of {@link System#nanoTime()}
   */
  List<Measurement> take(long nanos) {
    if (takes++ % TAKES_PER_LISTING == 0) {
      listDevices();
    }
    List<Measurement> taken = new ArrayList<>();
    addProcessor(taken);
    addMemory(taken);
    addDisks(taken, nanos);
    addNetwork(taken, nanos);
    return taken;
  }

  private void listDevices() {
    disks = new ArrayList<>(hardware.getDiskStores());
    disks.removeIf(disk -> isStacked(disk.getName()));
    cards = new ArrayList<>(hardware.getNetworkIFs(true));
    cards.removeIf(card -> isStacked(card.getName()));
  }

  private static boolean isStacked(String device) {
    return STACKED.matcher(device).matches();
  }

  private void addProcessor(List<Measurement> taken) {
    CentralProcessor processor = hardware.getProcessor();
    if (systemTicks.length > 0) {
      taken.add(percent("cpu.total", processor.getSystemCpuLoadBetweenTicks(systemTicks)));
      double[] cores = processor.getProcessorCpuLoadBetweenTicks(coreTicks);
      for (int core = 0; core < cores.length; core++) {
        taken.add(percent("cpu." + core, cores[core]));
      }
    }
    systemTicks = processor.getSystemCpuLoadTicks();
    coreTicks = processor.getProcessorCpuLoadTicks();

    double[] load = processor.getSystemLoadAverage(3);
    String[] names = {"load.1m", "load.5m", "load.15m"};
    for (int i = 0; i < names.length; i++) {
      if (load[i] >= 0) { // Negative where the system knows no load, as on Windows.
        taken.add(new Measurement(names[i], load[i], ""));
      }
    }
  }

  private static Measurement percent(String metric, double fraction) {
    return new Measurement(metric, Math.clamp(fraction * 100, 0, 100), "%");
  }

  private void addMemory(List<Measurement> taken) {
    GlobalMemory memory = hardware.getMemory();
    VirtualMemory swap = memory.getVirtualMemory();
    taken.add(new Measurement("memory.used", memory.getTotal() - memory.getAvailable(), "B"));
    taken.add(new Measurement("memory.total", memory.getTotal(), "B"));
    taken.add(new Measurement("swap.used", swap.getSwapUsed(), "B"));
    taken.add(new Measurement("swap.total", swap.getSwapTotal(), "B"));
  }

  private void addDisks(List<Measurement> taken, long nanos) {
    long read = 0;
    long written = 0;
    for (HWDiskStore disk : disks) {
      if (disk.updateAttributes()) {
        read += disk.getReadBytes();
        written += disk.getWriteBytes();
      }
    }
    if (!disks.isEmpty()) {
      addRate(taken, "disk.read", read, nanos);
      addRate(taken, "disk.written", written, nanos);
    }
  }

  private void addNetwork(List<Measurement> taken, long nanos) {
    long received = 0;
    long sent = 0;
    long loopback = 0;
    for (NetworkIF card : cards) {
      if (!card.updateAttributes()) {
        continue;
      }
      if (card.getName().startsWith("lo")) {
        loopback += card.getBytesSent();
      } else {
        received += card.getBytesRecv();
        sent += card.getBytesSent();
      }
    }
    addRate(taken, "network.received", received, nanos);
    addRate(taken, "network.sent", sent, nanos);
    addRate(taken, "network.loopback", loopback, nanos);
  }

  private void addRate(List<Measurement> taken, String metric, long bytes, long nanos) {
    rates
        .perSecond(metric, bytes, nanos)
        .ifPresent(rate -> taken.add(new Measurement(metric, rate, "B/s")));
  }
}
