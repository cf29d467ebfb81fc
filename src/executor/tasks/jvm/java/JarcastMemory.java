import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Finds class loaders of earlier tasks that are still in use, and memory that tasks keep. */
final class JarcastMemory {
  /** Number of closed class loaders after which a garbage collection is worth its time. */
  private static final int maxClosedLoaders = 20;

  private static final long growthKb = 128 * 1024;

  private final List<WeakReference<ClassLoader>> closedLoaders =
      new ArrayList<WeakReference<ClassLoader>>();
  /** Stays open: read from its start again, it has new values. Null on other systems. */
  private final RandomAccessFile status = openStatus();

  private final byte[] statusBytes = new byte[4096];
  private long firstResidentKb;

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

  /** 0 on other systems, where only the heap is checked. */
  private long residentKb() {
    if (status == null) return 0;
    try {
      status.seek(0);
      int length = Math.max(0, status.read(statusBytes));
      String text = new String(statusBytes, 0, length, StandardCharsets.ISO_8859_1);
      int start = text.indexOf("VmRSS:");
      int end = text.indexOf("kB", start);
      return start < 0 || end < 0 ? 0 : Long.parseLong(text.substring(start + 6, end).trim());
    } catch (IOException unreadable) {
      return 0;
    }
  }

  private static RandomAccessFile openStatus() {
    try {
      return new RandomAccessFile("/proc/self/status", "r");
    } catch (IOException elsewhere) {
      return null;
    }
  }
}
