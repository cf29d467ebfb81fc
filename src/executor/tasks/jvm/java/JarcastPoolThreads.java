import java.lang.reflect.Field;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;

/**
 * The threads of the common pool, which run parallel streams. They outlive a task, so they get the
 * class loader of each task, and lose its thread locals at its end.
 */
public final class JarcastPoolThreads implements ForkJoinPool.ForkJoinWorkerThreadFactory {
  private static final Set<Worker> workers = ConcurrentHashMap.newKeySet();
  private static volatile ClassLoader contextLoader = ClassLoader.getSystemClassLoader();

  /** Called through {@code java.util.concurrent.ForkJoinPool.common.threadFactory}. */
  public JarcastPoolThreads() {}

  @Override
  public ForkJoinWorkerThread newThread(ForkJoinPool pool) {
    return new Worker(pool);
  }

  /** Sets the class loader of these threads when a task begins or ends. */
  static void use(ClassLoader loader) {
    contextLoader = loader;
    for (Worker worker : workers) worker.setContextClassLoader(loader);
  }

  static boolean has(Thread thread) {
    return thread instanceof Worker;
  }

  /** True when no thread of the pool has work. */
  static boolean areIdle() {
    if (workers.isEmpty()) return true;
    ForkJoinPool pool = ForkJoinPool.commonPool();
    return pool.isQuiescent() && !pool.hasQueuedSubmissions();
  }

  /** Call it only while the threads are idle: they write these fields themselves. */
  static void forgetLocals() throws ReflectiveOperationException {
    Field locals = JarcastJdk.field(Thread.class, "threadLocals");
    Field inheritable = JarcastJdk.field(Thread.class, "inheritableThreadLocals");
    for (Worker worker : workers) {
      locals.set(worker, null);
      inheritable.set(worker, null);
    }
  }

  private static final class Worker extends ForkJoinWorkerThread {
    Worker(ForkJoinPool pool) {
      super(pool);
      setContextClassLoader(contextLoader);
      workers.add(this);
    }

    @Override
    protected void onTermination(Throwable error) {
      workers.remove(this);
      super.onTermination(error);
    }
  }
}
