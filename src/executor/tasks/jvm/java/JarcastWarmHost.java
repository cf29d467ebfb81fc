import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Runs many tasks, one at a time, on the class path of this JVM or with a class loader for each.
 *
 * <p>Requests and replies travel on descriptor 4: the length of the body (int), and the body. A
 * string is its length (int) and its UTF-8 bytes; a list is its count (int) and the strings. A
 * reply is the exit status of a JVM for one task (int), and the reason why this JVM ends now.
 * Without a reason, the JVM writes the request's marker to both outputs, and takes another task.
 */
public final class JarcastWarmHost {
  private static final int channelDescriptor = 4;
  /** Reasons contain names that a task chooses, such as those of threads. */
  private static final int maxReasonLength = 300;

  private final DataInputStream requests;
  private final FileOutputStream replies;
  private final FileOutputStream out = new FileOutputStream(FileDescriptor.out);
  private final FileOutputStream err = new FileOutputStream(FileDescriptor.err);
  private final JarcastLeftovers leftovers;
  /** Of all tasks: up to Java 18, a group is in the list of its parent until it is destroyed. */
  private ThreadGroup group;

  private JarcastWarmHost() throws ReflectiveOperationException {
    FileDescriptor channel = JarcastJdk.descriptor(channelDescriptor);
    requests = new DataInputStream(new BufferedInputStream(new FileInputStream(channel)));
    replies = new FileOutputStream(channel);
    System.setIn(new ByteArrayInputStream(new byte[0]));
    System.setProperty(
        "java.util.concurrent.ForkJoinPool.common.threadFactory",
        JarcastPoolThreads.class.getName());
    Thread.currentThread().setName("jarcast");
    group = new ThreadGroup(Thread.currentThread().getThreadGroup().getParent(), "main");
    leftovers = new JarcastLeftovers();
  }

  public static void main(String[] args) throws Exception {
    JarcastWarmHost host = new JarcastWarmHost();
    host.reply(0, "");
    for (JarcastRun run = host.nextRun(); run != null; run = host.nextRun()) host.perform(run);
    // The executor is gone, or ends this JVM.
    Runtime.getRuntime().halt(0);
  }

  private JarcastRun nextRun() throws IOException {
    try {
      byte[] body = new byte[requests.readInt()];
      requests.readFully(body);
      return new JarcastRun(new DataInputStream(new ByteArrayInputStream(body)));
    } catch (EOFException end) {
      return null;
    }
  }

  private void perform(JarcastRun run) throws Exception {
    JarcastLoader own = null;
    if (run.isChildFirst) own = new JarcastLoader(run.urls(), parent(), run.parentFirst);
    ClassLoader loader = own == null ? ClassLoader.getSystemClassLoader() : own;
    run.describeIn(System.getProperties());
    leftovers.begin();
    System.setIn(new ByteArrayInputStream(run.stdin));
    JarcastPoolThreads.use(loader);
    int status = runInGroup(run, loader);
    if (own != null) own.close();
    JarcastPoolThreads.use(parent());
    String reason = leftovers.end(own, run.jars);
    if (reason == null) {
      out.write(run.marker);
      err.write(run.marker);
    }
    reply(status, reason == null ? "" : reason);
    if (reason != null) JarcastJdk.exit(status);
  }

  /** Returns, as a JVM would end, when the last thread that is no daemon has ended. */
  private int runInGroup(JarcastRun run, ClassLoader loader) {
    Main main = new Main(run, loader);
    Thread thread = newMainThread(main);
    thread.setContextClassLoader(loader);
    thread.start();
    for (Thread other = thread; other != null; other = leftovers.findUnended()) join(other);
    return main.status;
  }

  private Thread newMainThread(Main main) {
    try {
      group.setMaxPriority(Thread.MAX_PRIORITY);
      return new Thread(group, main, "main");
    } catch (IllegalThreadStateException destroyed) {
      // Up to Java 18, a task can do that.
      group = new ThreadGroup(group.getParent(), "main");
      return new Thread(group, main, "main");
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException byTask) {
      // A task may interrupt any thread.
    }
  }

  private static ClassLoader parent() {
    return JarcastWarmHost.class.getClassLoader();
  }

  private void reply(int status, String reason) throws IOException {
    String cut = reason.substring(0, Math.min(maxReasonLength, reason.length()));
    String printable = cut.isEmpty() ? cut : cut.replaceAll("\\p{Cntrl}", "?");
    byte[] text = printable.getBytes(StandardCharsets.UTF_8);
    ByteBuffer frame = ByteBuffer.allocate(8 + text.length);
    frame.putInt(4 + text.length).putInt(status).put(text);
    replies.write(frame.array());
  }

  /** The main thread of a task. */
  private static final class Main implements Runnable {
    private static final boolean isMainFree =
        Double.parseDouble(System.getProperty("java.specification.version")) >= 25;

    volatile int status = 1;
    private final JarcastRun run;
    private final ClassLoader loader;

    Main(JarcastRun run, ClassLoader loader) {
      this.run = run;
      this.loader = loader;
    }

    @Override
    public void run() {
      status = run.isLoadOnly ? load() : runMain();
    }

    private int load() {
      int loaded = JarcastHost.load(run.className, loader);
      if (loaded == 0) System.out.println("successfully loaded " + run.className);
      return loaded;
    }

    private int runMain() {
      try {
        Method main = findMain(Class.forName(run.className, false, loader));
        boolean isStatic = Modifier.isStatic(main.getModifiers());
        if (!isStatic && !isMainFree) return refuse("Main method is not static in class ");
        main.setAccessible(true);
        boolean hasArgs = main.getParameterTypes().length > 0;
        Object[] args = hasArgs ? new Object[] {run.args} : new Object[0];
        main.invoke(isStatic ? null : newInstance(main.getDeclaringClass()), args);
        return 0;
      } catch (ClassNotFoundException missing) {
        return refuse("Could not find or load main class ");
      } catch (NoSuchMethodException missing) {
        return refuse("Main method not found in class ");
      } catch (InvocationTargetException thrown) {
        return tell(thrown.getCause());
      } catch (Throwable error) {
        return tell(error);
      }
    }

    /** As java does: since Java 25, {@code main} may lack its modifiers, its parameter, or both. */
    private static Method findMain(Class<?> type) throws NoSuchMethodException {
      if (!isMainFree) return type.getMethod("main", String[].class);
      for (Class<?>[] parameters : new Class<?>[][] {{String[].class}, {}}) {
        for (Class<?> owner = type; owner != null; owner = owner.getSuperclass()) {
          try {
            Method main = owner.getDeclaredMethod("main", parameters);
            if (!Modifier.isPrivate(main.getModifiers())) return main;
          } catch (NoSuchMethodException inherited) {
            // A superclass may declare it.
          }
        }
      }
      throw new NoSuchMethodException("main");
    }

    private static Object newInstance(Class<?> type) throws ReflectiveOperationException {
      Constructor<?> constructor = type.getDeclaredConstructor();
      constructor.setAccessible(true);
      return constructor.newInstance();
    }

    private int refuse(String why) {
      System.err.println("Error: " + why + run.className);
      return 1;
    }

    /** Reports an error to the handler that the task has set, otherwise to standard error. */
    private static int tell(Throwable error) {
      Thread thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, error);
      return 1;
    }
  }
}
