package io.sluice.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** One thread of the {@link RawWriter}, which owns its sockets. Other threads call what says so. */
final class RawLoop implements Runnable {
  private static final int REQUEST_BUFFER = 16 * 1024;

  private final ReadyFrames frames;
  private final RawSubscribers subscribers;
  private final Selector selector;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final Map<String, List<RawSocket>> byChannel = new HashMap<>();
  private final ByteBuffer requests = ByteBuffer.allocate(REQUEST_BUFFER);
  private final ByteBuffer view;

  /** The only record of a paced run, stamped anew for each moment. */
  private final byte[] frame;

  private final ByteBuffer frameBytes;
  private List<RawSocket> writing = List.of();
  private List<RawSocket> paced = List.of();
  private long pacedFrom;
  private long pacedNext;
  private long pacedRecords;
  private double nanosApart;

  RawLoop(ReadyFrames frames, int valueBytes, RawSubscribers subscribers) {
    this.frames = frames;
    this.subscribers = subscribers;
    this.view = frames.bytes().duplicate();
    this.frame =
        Envelope.frame(
            "raw", 1_000_000, System.currentTimeMillis(), List.of(StampedValue.blank(valueBytes)));
    this.frameBytes = ByteBuffer.allocateDirect(frame.length);
    try {
      this.selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Takes a new socket. Any thread. */
  void add(SocketChannel channel) {
    execute(() -> {
      try {
        RawSocket socket = new RawSocket(channel);
        socket.key = channel.register(selector, SelectionKey.OP_READ, socket);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
  }

  /** Writes all frames to each of a channel's sockets, by turns. Any thread. */
  void writeBacklog(String channel) {
    execute(() -> writing = List.copyOf(byChannel.getOrDefault(channel, List.of())));
  }

  /** Writes {@code records} records at {@code rate} a second to a channel's sockets. Any thread. */
  void pace(String channel, long records, double rate) {
    execute(() -> {
      paced = List.copyOf(byChannel.getOrDefault(channel, List.of()));
      pacedFrom = System.nanoTime();
      pacedNext = 0;
      pacedRecords = records;
      nanosApart = 1e9 / rate;
    });
  }

  private void execute(Runnable task) {
    tasks.add(task);
    selector.wakeup();
  }

  @Override
  public void run() {
    try {
      while (true) {
        select();
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
          task.run();
        }
        boolean mayWrite = false;
        for (RawSocket socket : writing) {
          mayWrite |= writeNext(socket);
        }
        if (!mayWrite && !writing.isEmpty() && writing.stream().allMatch(this::hasAll)) {
          writing = List.of();
        }
        while (pacedNext < pacedRecords && System.nanoTime() - due() >= 0) {
          sweep(due());
          pacedNext++;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void select() throws IOException {
    if (pacedNext < pacedRecords) {
      long left = TimeUnit.NANOSECONDS.toMillis(due() - System.nanoTime());
      if (left > 0) {
        selector.select(this::onSelected, left);
      } else {
        selector.selectNow(this::onSelected);
      }
    } else if (writing.stream().anyMatch(this::canWrite)) {
      selector.selectNow(this::onSelected);
    } else {
      selector.select(this::onSelected);
    }
  }

  private long due() {
    return pacedFrom + (long) (pacedNext * nanosApart);
  }

  private boolean hasAll(RawSocket socket) {
    return socket.nextFrame == frames.count();
  }

  private boolean canWrite(RawSocket socket) {
    return !socket.full && !hasAll(socket);
  }

  /** One write of one frame, or of what a full socket left of it. */
  private boolean writeNext(RawSocket socket) {
    if (!canWrite(socket)) {
      return false;
    }
    int end = frames.ends()[socket.nextFrame];
    view.limit(end).position(socket.position);
    try {
      socket.channel.write(view);
    } catch (IOException e) {
      leave(socket);
      return false;
    }
    socket.position = view.position();
    if (socket.position == end) {
      socket.nextFrame++;
    } else {
      awaitRoom(socket);
    }
    return true;
  }

  private void sweep(long due) {
    int end = frame.length - Subprotocol.JSON.behindLast();
    StampedValue.stamp(frame, end, pacedNext, due);
    frameBytes.clear().put(frame);
    for (RawSocket socket : paced) {
      frameBytes.flip();
      frameBytes.limit(frame.length);
      try {
        socket.write(frameBytes);
        if (socket.rest.hasRemaining()) {
          awaitRoom(socket);
        }
      } catch (IOException e) {
        socket.full = true;
        socket.key.cancel();
      }
    }
  }

  private static void awaitRoom(RawSocket socket) {
    socket.full = true;
    socket.key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
  }

  private void onSelected(SelectionKey key) {
    RawSocket socket = (RawSocket) key.attachment();
    try {
      if (key.isValid() && key.isReadable()) {
        read(socket);
      }
      if (key.isValid() && key.isWritable()) {
        if (socket.rest.hasRemaining()) {
          socket.channel.write(socket.rest);
        }
        if (!socket.rest.hasRemaining()) {
          socket.full = false;
          key.interestOps(SelectionKey.OP_READ);
        }
      }
    } catch (IOException e) {
      leave(socket);
    }
  }

  private void read(RawSocket socket) throws IOException {
    requests.clear();
    if (socket.channel.read(requests) < 0) {
      leave(socket);
      return;
    }
    requests.flip();
    if (!socket.upgraded) {
      socket.upgraded = true;
      socket.channel.write(ByteBuffer.wrap(RawSocket.UPGRADED));
    } else if (socket.subscription.isEmpty()) {
      socket.subscription = RawSocket.channelOf(requests);
      byChannel.computeIfAbsent(socket.subscription, _ -> new ArrayList<>()).add(socket);
      byte[] answer = Envelope.subscribed(socket.subscription).getBytes(StandardCharsets.US_ASCII);
      socket.channel.write(ByteBuffer.wrap(Envelope.textFrame(answer)));
      subscribers.onSubscribed(socket.subscription);
    }
  }

  private void leave(RawSocket socket) {
    socket.key.cancel();
    socket.full = true;
    socket.nextFrame = frames.count();
    byChannel.getOrDefault(socket.subscription, new ArrayList<>()).remove(socket);
    try {
      socket.channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
