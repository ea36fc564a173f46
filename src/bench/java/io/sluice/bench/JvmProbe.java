package io.sluice.bench;

import com.sun.management.ThreadMXBean;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import javax.management.MBeanServerConnection;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** Asks another JVM of this machine what it counts about itself. One thread. */
final class JvmProbe implements AutoCloseable {
  private final JMXConnector connector;
  private final ThreadMXBean threads;
  private final MemoryMXBean memory;

  private JvmProbe(JMXConnector connector) throws IOException {
    this.connector = connector;
    MBeanServerConnection server = connector.getMBeanServerConnection();
    this.threads = ManagementFactory.getPlatformMXBean(server, ThreadMXBean.class);
    this.memory = ManagementFactory.getPlatformMXBean(server, MemoryMXBean.class);
  }

  /** Of the JVM with this process number. */
  @SuppressWarnings("BanJNDI") // the address comes from a process of ours
  static JvmProbe attach(long pid) {
    try {
      VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
      try {
        return new JvmProbe(
            JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent())));
      } finally {
        machine.detach();
      }
    } catch (AttachNotSupportedException e) {
      throw new IllegalStateException("Process " + pid + " is no JVM that can be asked.", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Bytes of heap that all threads together have allocated since the start. */
  long allocatedBytes() {
    return threads.getTotalThreadAllocatedBytes();
  }

  /** Collects all garbage; returns the bytes of heap that are left. */
  long heapAfterCollection() {
    memory.gc();
    return memory.getHeapMemoryUsage().getUsed();
  }

  @Override
  public void close() {
    try {
      connector.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
