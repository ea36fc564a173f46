package io.sluice.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.storage.Formatter;
import org.jspecify.annotations.Nullable;

/** The folder of one broker's data, held by a lock so that two processes never write into it. */
final class DataDirectory implements AutoCloseable {
  private static final String META_PROPERTIES = "meta.properties";

  private final Path path;
  private final FileChannel lockFile;

  private DataDirectory(Path path, FileChannel lockFile) {
    this.path = path;
    this.lockFile = lockFile;
  }

  /**
   * Makes the folder where it is missing, takes its lock, and formats it when it never held a
   * broker's data.
   */
  static DataDirectory open(Path directory, int nodeId, String controllerListener) {
    Path path = directory.toAbsolutePath().normalize();
    FileChannel lockFile = null;
    try {
      Files.createDirectories(path);
      lockFile =
          FileChannel.open(
              path.resolve(".sluice.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!isLockedByUs(lockFile) || isInUseByKafka(path)) {
        throw new EmbeddedKafkaException(
            "The data directory "
                + path
                + " is used by another process; stop that one,"
                + " or set sluice.embedded-kafka.directory to another folder.",
            null);
      }
      DataDirectory opened = new DataDirectory(path, lockFile);
      opened.formatWhenNew(nodeId, controllerListener);
      return opened;
    } catch (IOException e) {
      release(lockFile);
      throw new EmbeddedKafkaException(
          "The data directory "
              + path
              + " cannot be written ("
              + e
              + ");"
              + " set sluice.embedded-kafka.directory to another folder.",
          e);
    } catch (EmbeddedKafkaException e) {
      release(lockFile);
      throw e;
    }
  }

  Path path() {
    return path;
  }

  /** Lets go of the lock. */
  @Override
  public void close() {
    release(lockFile);
  }

  private void formatWhenNew(int nodeId, String controllerListener) {
    if (Files.exists(path.resolve(META_PROPERTIES))) {
      return;
    }
    try {
      new Formatter()
          .setPrintStream(
              new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
          .setNodeId(nodeId)
          .setClusterId(Uuid.randomUuid().toString())
          .setControllerListenerName(controllerListener)
          .setMetadataLogDirectory(Optional.of(path.toString()))
          .addDirectory(path.toString())
          .run();
    } catch (Exception e) {
      throw new EmbeddedKafkaException(
          "The data directory " + path + " cannot be formatted: " + e.getMessage(), e);
    }
  }

  private static boolean isLockedByUs(FileChannel file) throws IOException {
    try {
      return file.tryLock() != null;
    } catch (OverlappingFileLockException heldInThisProcess) {
      return false;
    }
  }

  /** Whether a broker that is none of ours runs on the folder: Kafka locks {@code .lock}. */
  private static boolean isInUseByKafka(Path path) throws IOException {
    Path kafkaLock = path.resolve(".lock");
    if (!Files.exists(kafkaLock)) {
      return false;
    }
    try (FileChannel file = FileChannel.open(kafkaLock, StandardOpenOption.WRITE);
        FileLock lock = file.tryLock()) {
      return lock == null;
    } catch (OverlappingFileLockException heldInThisProcess) {
      return true;
    }
  }

  private static void release(@Nullable FileChannel lockFile) {
    if (lockFile == null) {
      return;
    }
    try {
      lockFile.close();
    } catch (IOException e) {
      throw new EmbeddedKafkaException("The lock of the data directory cannot be released.", e);
    }
  }
}
