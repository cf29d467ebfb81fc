import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.List;

/** Finds class loaders of earlier tasks that are still in use, and memory that tasks keep. */
final class JarcastMemory {
  /** Number of closed class loaders after which a garbage collection is worth its time. */
  private static final int maxClosedLoaders = 20;

  private static final long growthKb = 128 * 1024;

  private final List<WeakReference<ClassLoader>> closedLoaders =
      new ArrayList<WeakReference<ClassLoader>>();
  private long firstResidentKb;

  JarcastMemory() {
    // The first file that Java reads in this way leaves sockets of its own open.
    residentKb();
  }

  String findLoaders(ClassLoader closed) {
    closedLoaders.add(new WeakReference<ClassLoader>(closed));
    if (closedLoaders.size() < maxClosedLoaders) return null;
    System.gc();
    List<WeakReference<ClassLoader>> kept = new ArrayList<WeakReference<ClassLoader>>();
    for (WeakReference<ClassLoader> loader : closedLoaders) {
      if (loader.get() != null) kept.add(loader);
    }
    closedLoaders.clear();
    closedLoaders.addAll(kept);
    // Java itself keeps some until memory runs out.
    if (kept.size() < maxClosedLoaders / 2) return null;
    return kept.size() + " earlier class loaders are still in use";
  }

  String findGrowth() {
    if (firstResidentKb == 0) firstResidentKb = residentKb();
    if (!hasGrown() && !isHeapHalfFull()) return null;
    // Most of it may be garbage.
    System.gc();
    if (isHeapHalfFull()) return "its heap is half full";
    if (!hasGrown()) return null;
    return "it has grown from " + firstResidentKb / 1024 + " to " + residentKb() / 1024 + " MB";
  }

  private boolean hasGrown() {
    return residentKb() > firstResidentKb + firstResidentKb / 2 + growthKb;
  }

  private static boolean isHeapHalfFull() {
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory() > runtime.maxMemory() / 2;
  }

  private static long residentKb() {
    try {
      byte[] bytes = Files.readAllBytes(Paths.get("/proc/self/status"));
      String status = new String(bytes, StandardCharsets.UTF_8);
      int start = status.indexOf("VmRSS:");
      int end = status.indexOf("kB", start);
      if (start >= 0 && end >= 0) return Long.parseLong(status.substring(start + 6, end).trim());
    } catch (IOException elsewhere) {
      // Other systems: only the heap is checked.
    }
    return 0;
  }
}
