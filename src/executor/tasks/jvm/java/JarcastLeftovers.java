import java.io.File;
import java.io.FileDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TimeZone;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;

/**
 * What a task leaves in the JVM. Plain values are put back. For everything else there is a reason to end the JVM with the task,
 * as that of a task alone would: hooks run, threads and open files go, and the next task finds nothing of it.
 */
final class JarcastLeftovers {
  /** A thread that is about to end has this long, and so has the common pool. */
  private static final int patienceMs = 25;
  /** So many closed class loaders are worth a collection of garbage. */
  private static final int maxClosedLoaders = 20;

  private static final long growthKb = 128 * 1024;

  /**
   * Static fields, and what they hold unless a task has set them: an object of this class or of any of Java's ("java."), this
   * value, nothing ("") or no elements ("[]").
   */
  private static final String[][] settings = {
    {"java.io.ObjectInputFilter$Config", "serialFilter", ""},
    {"java.net.Authenticator", "theAuthenticator", ""},
    {"java.net.CookieHandler", "cookieHandler", ""},
    {"java.net.DatagramSocket", "factory", ""},
    {"java.net.HttpURLConnection", "followRedirects", "true"},
    {"java.net.ProxySelector", "theProxySelector", "sun.net.spi.DefaultProxySelector"},
    {"java.net.ResponseCache", "theResponseCache", ""},
    {"java.net.ServerSocket", "factory", ""},
    {"java.net.Socket", "factory", ""},
    {"java.net.URL", "factory", ""},
    {"java.net.URLConnection", "defaultAllowUserInteraction", "false"},
    {"java.net.URLConnection", "defaultCaching", "[]"},
    {"java.net.URLConnection", "defaultUseCaches", "true"},
    {"java.net.URLConnection", "factory", ""},
    {"java.net.URLConnection", "fileNameMap", "java."},
    {"java.rmi.server.RMISocketFactory", "factory", ""},
    {"java.rmi.server.RMISocketFactory", "handler", ""},
    {"java.sql.DriverManager", "logWriter", ""},
    {"java.sql.DriverManager", "loginTimeout", "0"},
    {"java.sql.DriverManager", "registeredDrivers", "[]"},
    {"javax.naming.spi.NamingManager", "initctx_factory_builder", ""},
    {"javax.naming.spi.NamingManager", "object_factory_builder", ""},
    {"javax.net.ssl.HttpsURLConnection", "defaultSSLSocketFactory", ""},
    {
      "javax.net.ssl.HttpsURLConnection",
      "defaultHostnameVerifier",
      "javax.net.ssl.HttpsURLConnection$DefaultHostnameVerifier"
    },
    {"javax.net.ssl.SSLContext", "defaultContext", ""},
    {"javax.security.auth.login.Configuration", "configuration", ""},
  };

  /** Java reads most of these properties once. The others are a task's own. */
  private static final String[] propertiesOfJava = {
    "com.sun.", "file.", "ftp.", "http.", "https.", "java.", "javax.", "jdk.", "line.", "native.", "networkaddress.", "os.",
    "path.", "socks", "stderr.", "stdout.", "sun.", "user.",
  };

  /** Java sets it when it first asks for the time zone. */
  private static final String timeZoneProperty = "user.timezone";

  private static final Set<String> domainsOfJava =
      new HashSet<String>(
          Arrays.asList(
              "JMImplementation", "com.sun.management", "java.lang", "java.nio", "java.util.logging", "jdk.management",
              "jdk.management.jfr"));

  private static final Set<String> threadsOfJava =
      new HashSet<String>(Arrays.asList("Common-Cleaner", "Java2D Disposer", "Keep-Alive-Timer"));

  /** What Linux adds to the name of a file that is open and has no name any more. */
  private static final String removed = " (deleted)";

  private final Thread host = Thread.currentThread();
  private final InputStream in = System.in;
  private final PrintStream out = System.out;
  private final PrintStream err = System.err;
  private final Properties properties = System.getProperties();
  private final Locale locale = Locale.getDefault();
  private final Locale display = Locale.getDefault(Locale.Category.DISPLAY);
  private final Locale format = Locale.getDefault(Locale.Category.FORMAT);
  private final Set<Thread> threads = new HashSet<Thread>(allThreads());
  private final Map<?, ?> signals;
  private final Map<?, ?> securityProperties;
  private final Object[] securityProviders;
  /** Classes of Java by name; null for those that this Java does not have. */
  private final Map<String, Class<?>> classes = new HashMap<String, Class<?>>();
  private final List<WeakReference<ClassLoader>> closedLoaders =
      new ArrayList<WeakReference<ClassLoader>>();
  private Map<?, ?> propertiesBefore;
  private Set<String> libraries;
  private Set<String> openFiles;
  private long firstResidentKb;

  /** Looks around before the first task. Throws where this Java cannot be looked into. */
  JarcastLeftovers() throws ReflectiveOperationException {
    hooks();
    signals = new HashMap<Object, Object>((Map<?, ?>) JarcastJdk.valueOf(signalClass(), "handlers"));
    securityProperties = new HashMap<Object, Object>(securityProperties());
    securityProviders = securityProviders();
    libraries = libraries();
    JarcastJdk.isUsed(Thread.class);
    // Java keeps sockets of its own from the first file on that it reads so.
    residentKb();
    openFiles = openFiles();
  }

  /** A task begins; what has been set until now is no doing of it. */
  void begin() {
    propertiesBefore = new HashMap<Object, Object>(properties);
  }

  /**
   * The task is over: puts back what can be put back. Returns why the JVM cannot be given to another task, or null.
   *
   * @param closedLoader the class loader of this task alone; null when it had the class path
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
    // To be found again, from the property or the system.
    TimeZone.setDefault(null);
    out.flush();
    err.flush();
  }

  private String findProperty() {
    if (System.getProperties() != properties) return "it has replaced the system properties";
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

  private String findAny(ClassLoader closedLoader, String[] jars)
      throws ReflectiveOperationException {
    String left = findOutput();
    if (left == null) left = findHook();
    if (left == null) left = findThread();
    if (left == null) left = findProperty();
    if (left == null) left = findSetting();
    if (left == null) left = findRegistration();
    if (left == null) left = findLogging();
    if (left == null && closedLoader != null) left = findLibrary();
    if (left == null) left = findOpenFile(jars);
    if (left == null && closedLoader != null) left = findLoaders(closedLoader);
    if (left == null) left = findGrowth();
    return left;
  }

  private static String findOutput() {
    boolean isOpen = FileDescriptor.out.valid() && FileDescriptor.err.valid();
    return isOpen ? null : "it closed its output";
  }

  private String findHook() throws ReflectiveOperationException {
    Set<?> hooks = hooks();
    if (hooks == null) return "it called System.exit";
    for (Object hook : hooks) {
      // Java's own are of classes of their own, that of logging above all.
      if (hook.getClass() == Thread.class || isOfTask(hook)) return "it has a shutdown hook, " + nameOf(hook);
    }
    Class<?> deletions = findUsed("java.io.DeleteOnExitHook");
    if (deletions == null) return null;
    Collection<?> files = (Collection<?>) JarcastJdk.valueOf(deletions, "files");
    return files.isEmpty() ? null : "it has files to delete at exit";
  }

  private static String nameOf(Object hook) {
    return hook.getClass() == Thread.class ? ((Thread) hook).getName() : hook.getClass().getName();
  }

  /** Null when they run already. */
  private static Set<?> hooks() throws ReflectiveOperationException {
    Class<?> owner = Class.forName("java.lang.ApplicationShutdownHooks");
    Map<?, ?> hooks = (Map<?, ?>) JarcastJdk.valueOf(owner, "hooks");
    return hooks == null ? null : new HashSet<Object>(hooks.keySet());
  }

  private String findThread() {
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
      // Virtual threads themselves are on no list.
      if (isCarrier || thread.getName().startsWith("VirtualThread-")) return "it had virtual threads";
      boolean isOfJava = threadsOfJava.contains(thread.getName()) && !isOfTask(thread);
      if (!isOfJava) return "its thread \"" + thread.getName() + "\" is left";
    }
    return JarcastPoolThreads.areIdle() ? null : "the common pool has work of it";
  }

  /** A thread without which the task cannot be over; null when there is none. */
  Thread findUnended() {
    for (Thread thread : allThreads()) if (isNew(thread) && !thread.isDaemon()) return thread;
    return null;
  }

  private boolean isNew(Thread thread) {
    return thread != host && thread.isAlive() && !threads.contains(thread);
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
      // It interrupts whatever it finds.
    }
  }

  private String findSetting() throws ReflectiveOperationException {
    for (String[] setting : settings) {
      Class<?> owner = findUsed(setting[0]);
      if (owner == null) continue;
      Object value;
      try {
        value = JarcastJdk.valueOf(owner, setting[1]);
      } catch (NoSuchFieldException elsewhere) {
        // Not in this version of Java.
        continue;
      }
      if (!isUnset(value, setting[2])) return "it has set " + setting[0] + "." + setting[1];
    }
    if (System.getSecurityManager() != null) return "it has set a security manager";
    return null;
  }

  private static boolean isUnset(Object value, String expected) {
    if (value == null) return true;
    if (expected.equals("[]")) {
      return value instanceof Map ? ((Map<?, ?>) value).isEmpty() : ((Collection<?>) value).isEmpty();
    }
    if (expected.equals("java.")) return !isOfTask(value);
    boolean isPlain = value instanceof Boolean || value instanceof Integer;
    return expected.equals(isPlain ? value.toString() : value.getClass().getName());
  }

  /** Null until the class is used. */
  private Class<?> findUsed(String name) throws ReflectiveOperationException {
    if (!classes.containsKey(name)) classes.put(name, JarcastJdk.find(name));
    Class<?> found = classes.get(name);
    return found != null && JarcastJdk.isUsed(found) ? found : null;
  }

  private String findRegistration() throws ReflectiveOperationException {
    if (!signals.equals(JarcastJdk.valueOf(signalClass(), "handlers"))) return "it handles signals";
    if (!securityProperties.equals(securityProperties())) return "it has set a security property";
    if (!Arrays.equals(securityProviders, securityProviders())) {
      return "it has changed the security providers";
    }
    if (findUsed("javax.management.MBeanServerFactory") != null) {
      for (MBeanServer server : MBeanServerFactory.findMBeanServer(null)) {
        for (String domain : server.getDomains()) {
          if (!domainsOfJava.contains(domain)) return "it has registered MBeans, of " + domain;
        }
      }
    }
    boolean hasPlugins = findUsed("javax.imageio.spi.IIORegistry") != null;
    return hasPlugins ? "it has registered image formats" : null;
  }

  private static Class<?> signalClass() throws ClassNotFoundException {
    Class<?> modern = JarcastJdk.find("jdk.internal.misc.Signal");
    return modern == null ? Class.forName("sun.misc.Signal") : modern;
  }

  private static Map<?, ?> securityProperties() throws ReflectiveOperationException {
    return (Map<?, ?>) JarcastJdk.valueOf(Class.forName("java.security.Security"), "props");
  }

  private static Object[] securityProviders() throws ReflectiveOperationException {
    Class<?> owner = Class.forName("sun.security.jca.Providers");
    Object list = JarcastJdk.valueOf(owner, "providerList");
    return (Object[]) JarcastJdk.field(list.getClass(), "configs").get(list);
  }

  private String findLogging() throws ReflectiveOperationException {
    if (findUsed("java.util.logging.LogManager") == null) return null;
    return JarcastLogging.isUnchanged(err) ? null : "it has configured java.util.logging";
  }

  /** Native libraries belong to the class loader that loaded them, and no other can have them while it lives. */
  private String findLibrary() throws ReflectiveOperationException {
    for (String library : libraries()) {
      if (!libraries.contains(library)) return "it has loaded the native library " + new File(library).getName();
    }
    return null;
  }

  private static Set<String> libraries() throws ReflectiveOperationException {
    Class<?> modern = JarcastJdk.find("jdk.internal.loader.NativeLibraries");
    Set<String> libraries = new HashSet<String>();
    Object names;
    try {
      names = JarcastJdk.valueOf(modern == null ? ClassLoader.class : modern, "loadedLibraryNames");
    } catch (NoSuchFieldException hidden) {
      // By Java 12 to 14.
      return libraries;
    }
    String home = System.getProperty("java.home");
    for (Object name : (Collection<?>) names) {
      if (!name.toString().startsWith(home)) libraries.add(name.toString());
    }
    return libraries;
  }

  private String findOpenFile(String[] jars) {
    Set<String> now = openFiles();
    for (String file : now) {
      if (openFiles.contains(file)) continue;
      boolean isOfJava =
          file.startsWith(System.getProperty("java.home"))
              || file.startsWith("/dev/")
              || file.startsWith("/sys/")
              || file.startsWith("anon_inode:");
      if (!isOfJava && !isAmong(jars, file)) return "it left " + (file.startsWith("socket:") ? "a socket" : file) + " open";
    }
    openFiles = now;
    return null;
  }

  private static boolean isAmong(String[] jars, String file) {
    for (String jar : jars) {
      try {
        if (new File(jar).getCanonicalPath().equals(file)) return true;
      } catch (IOException unreadable) {
        // Then it is not open.
      }
    }
    return false;
  }

  /** What the descriptors of this process are open for; empty where the system does not show it. */
  private static Set<String> openFiles() {
    Set<String> files = new HashSet<String>();
    String[] descriptors = new File("/proc/self/fd").list();
    if (descriptors == null) return files;
    for (String descriptor : descriptors) {
      try {
        String file = Files.readSymbolicLink(Paths.get("/proc/self/fd", descriptor)).toString();
        // A jar may be removed while it is open.
        files.add(file.endsWith(removed) ? file.substring(0, file.length() - removed.length()) : file);
      } catch (IOException gone) {
        // That of the folder itself.
      }
    }
    return files;
  }

  private String findLoaders(ClassLoader closed) {
    closedLoaders.add(new WeakReference<ClassLoader>(closed));
    if (closedLoaders.size() < maxClosedLoaders) return null;
    System.gc();
    List<WeakReference<ClassLoader>> kept = new ArrayList<WeakReference<ClassLoader>>();
    for (WeakReference<ClassLoader> loader : closedLoaders) if (loader.get() != null) kept.add(loader);
    closedLoaders.clear();
    closedLoaders.addAll(kept);
    // Java itself keeps some while memory lasts.
    return kept.size() < maxClosedLoaders / 2 ? null : kept.size() + " earlier class loaders are still in use";
  }

  private String findGrowth() {
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
      String status = new String(Files.readAllBytes(Paths.get("/proc/self/status")), StandardCharsets.UTF_8);
      int start = status.indexOf("VmRSS:");
      int end = status.indexOf("kB", start);
      if (start >= 0 && end >= 0) return Long.parseLong(status.substring(start + 6, end).trim());
    } catch (IOException elsewhere) {
      // The heap is looked at all the same.
    }
    return 0;
  }

  /** True for objects of a class that is not Java's. */
  private static boolean isOfTask(Object object) {
    ClassLoader loader = object.getClass().getClassLoader();
    return loader != null && loader != ClassLoader.getSystemClassLoader().getParent();
  }
}
