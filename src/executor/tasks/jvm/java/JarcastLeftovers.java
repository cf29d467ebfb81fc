import java.io.FileDescriptor;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TimeZone;

/**
 * What a task leaves in the JVM. Plain values are restored. Everything else ends the JVM with the
 * task, as the end of a JVM for one task would: hooks run, threads end, files are closed, and the
 * next task finds none of it.
 */
final class JarcastLeftovers {
  /** Java reads most of these properties only once. Others belong to the task alone. */
  private static final String[] propertiesOfJava = {
    "com.sun.", "file.", "ftp.", "http.", "https.", "java.", "javax.", "jdk.", "line.", "native.",
    "networkaddress.", "os.", "path.", "socks", "stderr.", "stdout.", "sun.", "user.",
  };

  /** Java sets it when it first reads the time zone. */
  private static final String timeZoneProperty = "user.timezone";

  private final InputStream in = System.in;
  private final PrintStream out = System.out;
  private final PrintStream err = System.err;
  private final Properties properties = System.getProperties();
  private final Locale locale = Locale.getDefault();
  private final Locale display = Locale.getDefault(Locale.Category.DISPLAY);
  private final Locale format = Locale.getDefault(Locale.Category.FORMAT);
  private final JarcastThreads threads = new JarcastThreads();
  private final JarcastSettings settings = new JarcastSettings();
  /** Before the files, as it opens some. */
  private final JarcastMemory memory = new JarcastMemory();
  private final JarcastFiles files = new JarcastFiles();
  private Map<?, ?> propertiesBefore;

  /** Records the state before the first task. Throws if it cannot be read in this Java. */
  JarcastLeftovers() throws ReflectiveOperationException {}

  /** A task begins; changes until now are not from it. */
  void begin() {
    propertiesBefore = new HashMap<Object, Object>(properties);
  }

  /** A thread of the task that keeps it running; null if there is none. */
  Thread findUnended() {
    return threads.findUnended();
  }

  /**
   * The task is over: restores plain values. Returns the reason why the JVM cannot run another
   * task, or null.
   *
   * @param closedLoader the class loader of this task alone; null if it had the class path
   * @param jars of the task
   */
  String end(ClassLoader closedLoader, String[] jars) {
    try {
      String left = findAny(closedLoader, jars);
      if (left != null) return left;
      JarcastPoolThreads.forgetLocals();
      restore();
      return null;
    } catch (ReflectiveOperationException | LinkageError | RuntimeException unknown) {
      return "what it left cannot be seen (" + unknown + ")";
    }
  }

  private void restore() {
    System.setIn(in);
    System.setOut(out);
    System.setErr(err);
    Thread.setDefaultUncaughtExceptionHandler(null);
    Locale.setDefault(locale);
    Locale.setDefault(Locale.Category.DISPLAY, display);
    Locale.setDefault(Locale.Category.FORMAT, format);
    if (System.getProperties() != properties) System.setProperties(properties);
    if (!properties.equals(propertiesBefore)) {
      properties.clear();
      properties.putAll(propertiesBefore);
    }
    // Java then reads it again, from the property or the system.
    TimeZone.setDefault(null);
    out.flush();
    err.flush();
  }

  private String findAny(ClassLoader closedLoader, String[] jars)
      throws ReflectiveOperationException {
    String left = findOutput();
    if (left == null) left = threads.findHook();
    if (left == null) left = threads.findThread();
    if (left == null) left = findProperty();
    if (left == null) left = settings.findSetting();
    if (left == null) left = settings.findRegistration();
    if (left == null) left = findLogging();
    if (left == null && closedLoader != null) left = files.findLibrary();
    if (left == null) left = files.findOpenFile(jars);
    if (left == null && closedLoader != null) left = memory.findLoaders(closedLoader);
    if (left == null) left = memory.findGrowth();
    return left;
  }

  private static String findOutput() {
    boolean isOpen = FileDescriptor.out.valid() && FileDescriptor.err.valid();
    return isOpen ? null : "it closed its output";
  }

  private String findProperty() {
    if (System.getProperties() != properties) return "it has replaced the system properties";
    if (properties.equals(propertiesBefore)) return null;
    Map<?, ?> now = new HashMap<Object, Object>(System.getProperties());
    Set<Object> names = new HashSet<Object>(now.keySet());
    names.addAll(propertiesBefore.keySet());
    for (Object name : names) {
      if (name.equals(timeZoneProperty)) continue;
      if (Objects.equals(now.get(name), propertiesBefore.get(name))) continue;
      for (String prefix : propertiesOfJava) {
        if (name.toString().startsWith(prefix)) return "it changed the system property " + name;
      }
    }
    return null;
  }

  private String findLogging() throws ReflectiveOperationException {
    if (JarcastJdk.findUsed("java.util.logging.LogManager") == null) return null;
    return JarcastLogging.isUnchanged(err) ? null : "it has configured java.util.logging";
  }
}
