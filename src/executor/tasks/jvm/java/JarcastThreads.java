import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds threads and shutdown hooks of tasks. Those that it finds at first are not of a task. */
final class JarcastThreads {
  /** Time that threads about to end, and the common pool, have to finish. */
  private static final int patienceMs = 25;

  private static final Set<String> threadsOfJava =
      new HashSet<String>(Arrays.asList("Common-Cleaner", "Java2D Disposer", "Keep-Alive-Timer"));

  private final Thread host = Thread.currentThread();
  private final Set<Thread> known = new HashSet<Thread>(allThreads());

  /** Throws if the hooks cannot be read in this Java. */
  JarcastThreads() throws ReflectiveOperationException {
    hooks();
  }

  /** A thread of the task that keeps it running: one that is no daemon. Null if there is none. */
  Thread findUnended() {
    for (Thread thread : allThreads()) if (isNew(thread) && !thread.isDaemon()) return thread;
    return null;
  }

  String findHook() throws ReflectiveOperationException {
    Set<?> hooks = hooks();
    if (hooks == null) return "it called System.exit";
    for (Object hook : hooks) {
      // Java's own hooks have other classes, as that of logging.
      if (hook.getClass() == Thread.class || JarcastJdk.isOfTask(hook)) {
        return "it has a shutdown hook, " + nameOf(hook);
      }
    }
    Class<?> deletions = JarcastJdk.findUsed("java.io.DeleteOnExitHook");
    if (deletions == null) return null;
    Collection<?> files = (Collection<?>) JarcastJdk.valueOf(deletions, "files");
    return files.isEmpty() ? null : "it has files to delete at exit";
  }

  private static String nameOf(Object hook) {
    return hook.getClass() == Thread.class ? ((Thread) hook).getName() : hook.getClass().getName();
  }

  /** Null if the hooks already run. */
  private static Set<?> hooks() throws ReflectiveOperationException {
    Class<?> owner = Class.forName("java.lang.ApplicationShutdownHooks");
    Map<?, ?> hooks = (Map<?, ?>) JarcastJdk.valueOf(owner, "hooks");
    return hooks == null ? null : new HashSet<Object>(hooks.keySet());
  }

  String findThread() {
    long deadline = System.nanoTime() + patienceMs * 1_000_000L;
    String left = findThreadNow();
    while (left != null && System.nanoTime() < deadline) {
      sleep();
      left = findThreadNow();
    }
    return left;
  }

  private String findThreadNow() {
    for (Thread thread : allThreads()) {
      if (!isNew(thread) || JarcastPoolThreads.has(thread)) continue;
      boolean isCarrier = thread.getClass().getName().equals("jdk.internal.misc.CarrierThread");
      boolean isHelper = thread.getName().startsWith("VirtualThread-");
      // Virtual threads themselves are in no list.
      if (isCarrier || isHelper) return "it had virtual threads";
      boolean isOfJava = threadsOfJava.contains(thread.getName()) && !JarcastJdk.isOfTask(thread);
      if (!isOfJava) return "its thread \"" + thread.getName() + "\" is left";
    }
    return JarcastPoolThreads.areIdle() ? null : "the common pool has work of it";
  }

  private boolean isNew(Thread thread) {
    return thread != host && thread.isAlive() && !known.contains(thread);
  }

  private static List<Thread> allThreads() {
    ThreadGroup group = Thread.currentThread().getThreadGroup();
    while (group.getParent() != null) group = group.getParent();
    Thread[] found = new Thread[group.activeCount() + 16];
    int count = group.enumerate(found);
    while (count == found.length) {
      found = new Thread[2 * count];
      count = group.enumerate(found);
    }
    return Arrays.asList(Arrays.copyOf(found, count));
  }

  private static void sleep() {
    try {
      Thread.sleep(1);
    } catch (InterruptedException byTask) {
      // A task may interrupt any thread.
    }
  }
}
