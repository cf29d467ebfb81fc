import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Runs many tasks, each in a thread group of its own, under the class loader of its library set or under one of its own.
 *
 * <p>Frames come and go on standard input, which is a socket: what is written past System.out disturbs none. A frame is a
 * kind (one byte), the number of the task (int), the length of the body (int), the body. Strings in bodies are UTF-8 after
 * their length (int), lists their count (int) and then the strings. In: {@code R} run, {@code K} interrupt. Out: {@code O}
 * and {@code E} what the task wrote, {@code X} it calls System.exit, {@code D} it is over, with the exit status that a JVM of
 * its own would have had (int).
 */
public final class JarcastWarmHost {
  private static final DataOutputStream frames =
      new DataOutputStream(new FileOutputStream(FileDescriptor.in));
  private static final Map<Integer, Task> tasks = new ConcurrentHashMap<Integer, Task>();
  private static final JarcastLoaders loaders = new JarcastLoaders();

  private JarcastWarmHost() {}

  public static void main(String[] args) throws Exception {
    DataInputStream in = new DataInputStream(new FileInputStream(FileDescriptor.in));
    System.setOut(print(new TaskOutput('O')));
    System.setErr(print(new TaskOutput('E')));
    System.setIn(new TaskInput());
    Runtime.getRuntime().addShutdownHook(new Thread(JarcastWarmHost::tellWhoExits));
    for (int kind = in.read(); kind >= 0; kind = in.read()) {
      int number = in.readInt();
      byte[] body = new byte[in.readInt()];
      in.readFully(body);
      if (kind == 'R') start(number, new DataInputStream(new ByteArrayInputStream(body)));
      else interrupt(tasks.get(number));
    }
    // The executor is gone.
    Runtime.getRuntime().halt(0);
  }

  private static void interrupt(Task task) {
    if (task != null) task.interrupt();
  }

  private static void start(int number, DataInputStream body) throws IOException {
    Task task = new Task(number, body);
    tasks.put(number, task);
    Thread thread = new Thread(task, task, task.getName());
    thread.start();
  }

  private static PrintStream print(OutputStream out) throws IOException {
    return new PrintStream(out, true, System.getProperty("stdout.encoding", "UTF-8"));
  }

  static void send(char kind, int number, byte[] bytes, int from, int length) throws IOException {
    synchronized (frames) {
      frames.writeByte(kind);
      frames.writeInt(number);
      frames.writeInt(length);
      frames.write(bytes, from, length);
      frames.flush();
    }
  }

  /** The task whose thread this is; null for threads that no task started. */
  private static Task currentTask() {
    ThreadGroup group = Thread.currentThread().getThreadGroup();
    while (group != null && !(group instanceof Task)) group = group.getParent();
    return (Task) group;
  }

  /** In a shutdown hook: who called System.exit is still in that call. */
  private static void tellWhoExits() {
    for (Map.Entry<Thread, StackTraceElement[]> entry : Thread.getAllStackTraces().entrySet()) {
      for (StackTraceElement frame : entry.getValue()) {
        boolean isExit = frame.getClassName().equals("java.lang.Runtime");
        if (!isExit || !frame.getMethodName().equals("exit")) continue;
        ThreadGroup group = entry.getKey().getThreadGroup();
        while (group != null && !(group instanceof Task)) group = group.getParent();
        if (group == null) continue;
        try {
          send('X', ((Task) group).number, new byte[0], 0, 0);
        } catch (IOException gone) {
          // Nobody is there to be told.
        }
      }
    }
  }

  /** One task, and the group of all threads that it starts. */
  private static final class Task extends ThreadGroup implements Runnable {
    final int number;
    final InputStream stdin;
    private final String isolation;
    private final String setId;
    private final String mainClass;
    private final boolean isLoadOnly;
    private final String[] args;
    private final String[] jars;
    private final String[] parentFirst;

    Task(int number, DataInputStream body) throws IOException {
      super("task " + number);
      // Or the group above would hold it for ever.
      setDaemon(true);
      this.number = number;
      isolation = readString(body);
      setId = readString(body);
      isLoadOnly = readString(body).equals("load-class");
      mainClass = readString(body);
      args = readStrings(body);
      jars = readStrings(body);
      parentFirst = readStrings(body);
      stdin = new ByteArrayInputStream(readBytes(body));
    }

    @Override
    public void run() {
      int status = 1;
      try {
        status = runInLoader();
        System.out.flush();
        System.err.flush();
      } catch (Throwable error) {
        error.printStackTrace();
      } finally {
        tasks.remove(number);
        byte[] body = {
          (byte) (status >> 24), (byte) (status >> 16), (byte) (status >> 8), (byte) status
        };
        try {
          send('D', number, body, 0, body.length);
        } catch (IOException gone) {
          // Nobody is there to be told.
        }
      }
    }

    private int runInLoader() throws Exception {
      boolean isShared = isolation.equals("shared");
      URL[] urls = JarcastLoaders.toUrls(jars);
      JarcastLoaders.Use use =
          isShared ? loaders.shared(setId, urls) : loaders.childFirst(urls, parentFirst);
      try {
        Thread.currentThread().setContextClassLoader(use.loader);
        return isLoadOnly ? load(use.loader) : runMain(use.loader);
      } finally {
        joinThreads();
        use.close();
      }
    }

    private int load(ClassLoader loader) {
      int status = JarcastHost.load(mainClass, loader);
      if (status == 0) System.out.println("successfully loaded " + mainClass);
      return status;
    }

    private int runMain(ClassLoader loader) throws Exception {
      Method main;
      try {
        main = Class.forName(mainClass, true, loader).getMethod("main", String[].class);
      } catch (ClassNotFoundException missing) {
        System.err.println("Error: Could not find or load main class " + mainClass);
        return 1;
      }
      if (!Modifier.isStatic(main.getModifiers())) {
        System.err.println("Error: Main method is not static in class " + mainClass);
        return 1;
      }
      main.setAccessible(true);
      try {
        main.invoke(null, (Object) args);
        return 0;
      } catch (InvocationTargetException thrown) {
        System.err.print("Exception in thread \"main\" ");
        thrown.getCause().printStackTrace();
        return 1;
      }
    }

    /** As a JVM of its own would: it is over when the last thread is that is no daemon. */
    private void joinThreads() {
      for (Thread other = findOther(); other != null; other = findOther()) {
        try {
          other.join();
        } catch (InterruptedException killed) {
          // The others were interrupted, too. Those that do not mind are waited for: the JVM goes with them in the end.
        }
      }
    }

    private Thread findOther() {
      Thread[] threads = new Thread[activeCount() + 16];
      int count = enumerate(threads);
      for (int index = 0; index < count; index++) {
        Thread thread = threads[index];
        if (thread != Thread.currentThread() && !thread.isDaemon() && thread.isAlive()) return thread;
      }
      return null;
    }

    private static String readString(DataInputStream in) throws IOException {
      return new String(readBytes(in), StandardCharsets.UTF_8);
    }

    private static byte[] readBytes(DataInputStream in) throws IOException {
      byte[] bytes = new byte[in.readInt()];
      in.readFully(bytes);
      return bytes;
    }

    private static String[] readStrings(DataInputStream in) throws IOException {
      String[] strings = new String[in.readInt()];
      for (int index = 0; index < strings.length; index++) strings[index] = readString(in);
      return strings;
    }
  }

  /** What any thread writes, to the task that started it; what nobody's threads write, to the host's own log. */
  private static final class TaskOutput extends OutputStream {
    private static final int maxBytes = 64 * 1024;
    private final FileOutputStream log = new FileOutputStream(FileDescriptor.err);
    private final char kind;

    TaskOutput(char kind) {
      this.kind = kind;
    }

    @Override
    public void write(int octet) throws IOException {
      write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      Task task = currentTask();
      if (task == null) {
        log.write(bytes, from, length);
        return;
      }
      for (int sent = 0; sent < length; sent += maxBytes) {
        send(kind, task.number, bytes, from + sent, Math.min(maxBytes, length - sent));
      }
    }
  }

  /** Each task reads what was given to it. */
  private static final class TaskInput extends InputStream {
    private static InputStream current() {
      Task task = currentTask();
      return task == null ? new ByteArrayInputStream(new byte[0]) : task.stdin;
    }

    @Override
    public int read() throws IOException {
      return current().read();
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      return current().read(bytes, from, length);
    }

    @Override
    public int available() throws IOException {
      return current().available();
    }
  }
}
