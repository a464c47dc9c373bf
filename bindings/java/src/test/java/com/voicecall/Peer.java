package com.voicecall;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A platform that does what a test wants, well or badly. */
final class Peer implements AutoCloseable {
    /** The first byte of a connection with TLS, which this peer does not speak. */
    private static final char TLS_HANDSHAKE = '\u0016';

    private static final Pattern LENGTH = Pattern.compile("(?i)content-length: *(\\d+)");

    private final ServerSocket listener;
    private final Behaviour behaviour;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicInteger requests = new AtomicInteger();
    private final Semaphore asked = new Semaphore(0);

    /** Gets each request and its connection, which is then closed. */
    Peer(Behaviour behaviour) {
        this.behaviour = behaviour;
        try {
            listener = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
        run(this::accept);
    }

    /** What a platform does with a request. */
    interface Behaviour {
        void answer(String request, OutputStream to) throws Exception;
    }

    /** A platform that always gives the same answer. */
    static Peer answering(String body) {
        return new Peer((request, to) -> answer(to, body, "200 OK"));
    }

    /** A platform that takes requests and says nothing until the test is over. */
    static Peer silent() {
        CountDownLatch[] over = new CountDownLatch[1];
        Peer peer = new Peer((request, to) -> over[0].await());
        over[0] = peer.ended;
        return peer;
    }

    static void answer(OutputStream to, String body, String status) throws IOException {
        int length = body.getBytes(StandardCharsets.UTF_8).length;
        write(to, "HTTP/1.1 " + status + "\r\nConnection: close\r\nContent-Length: " + length + "\r\n\r\n" + body);
    }

    static void write(OutputStream to, String text) throws IOException {
        to.write(text.getBytes(StandardCharsets.UTF_8));
        to.flush();
    }

    String url() {
        return "http://127.0.0.1:" + listener.getLocalPort();
    }

    /** Requests that came. */
    int requests() {
        return requests.get();
    }

    /** Waits for this many requests that nobody has waited for yet. */
    boolean isAsked(int times) throws InterruptedException {
        return asked.tryAcquire(times, Given.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        ended.countDown();
        try {
            listener.close();
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
    }

    private static void run(Runnable work) {
        Thread thread = new Thread(work, "peer");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = listener.accept();
                run(() -> serve(connection));
            }
        } catch (IOException exception) {
            // The test is over.
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            String request = read(connection.getInputStream());
            requests.incrementAndGet();
            asked.release();
            behaviour.answer(request, connection.getOutputStream());
        } catch (IOException exception) {
            // The client has had enough.
        } catch (Exception exception) {
            throw new IllegalStateException(exception);
        }
    }

    private static String read(InputStream from) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        byte[] piece = new byte[4096];
        while (true) {
            int length = from.read(piece);
            text.write(piece, 0, Math.max(0, length));
            String request = text.toString(StandardCharsets.UTF_8);
            if (length < 0 || request.charAt(0) == TLS_HANDSHAKE || isWhole(request, text.size())) {
                return request;
            }
        }
    }

    private static boolean isWhole(String request, int bytes) {
        int end = request.indexOf("\r\n\r\n");
        if (end < 0) {
            return false;
        }
        Matcher length = LENGTH.matcher(request.substring(0, end));
        return !length.find() || bytes >= end + 4 + Integer.parseInt(length.group(1));
    }
}
