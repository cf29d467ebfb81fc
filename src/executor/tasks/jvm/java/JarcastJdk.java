import java.io.FileDescriptor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.Map;

/**
 * Fields and methods that Java does not export. Java 8 needs only reflection. Later versions need
 * {@code Add-Opens: java.base/java.lang} in the manifest; this class then opens other packages for
 * the module of these classes.
 */
final class JarcastJdk {
  /** Loads the modules of Java; on Java 8, the extensions. */
  private static final ClassLoader platform = ClassLoader.getSystemClassLoader().getParent();

  /** Null on Java 8. */
  private static final Class<?> module = find("java.lang.Module");

  /** By class and name. One thread uses it. */
  private static final Map<String, Field> fields = new HashMap<String, Field>();

  /** Classes of Java by name; null for those that this Java does not have. */
  private static final Map<String, Class<?>> classes = new HashMap<String, Class<?>>();

  private static Object unsafe;
  private static Method isUnused;

  private JarcastJdk() {}

  /** A file descriptor by its number. */
  static FileDescriptor descriptor(int number) throws ReflectiveOperationException {
    FileDescriptor descriptor = new FileDescriptor();
    field(FileDescriptor.class, "fd").setInt(descriptor, number);
    return descriptor;
  }

  /** As System.exit, but a security manager of a task cannot refuse it. */
  static void exit(int status) {
    try {
      Method exit = Class.forName("java.lang.Shutdown").getDeclaredMethod("exit", int.class);
      exit.setAccessible(true);
      exit.invoke(null, status);
    } catch (ReflectiveOperationException none) {
      System.exit(status);
    }
  }

  /** An accessible field. Opens its package if necessary. */
  static Field field(Class<?> owner, String name) throws ReflectiveOperationException {
    String key = owner.getName() + ' ' + name;
    Field known = fields.get(key);
    if (known != null) return known;
    open(owner);
    Field field = owner.getDeclaredField(name);
    field.setAccessible(true);
    fields.put(key, field);
    return field;
  }

  static Object valueOf(Class<?> owner, String staticField) throws ReflectiveOperationException {
    return field(owner, staticField).get(null);
  }

  /** A class of Java, not initialised; null if this Java does not have it. */
  static Class<?> find(String name) {
    try {
      return Class.forName(name, false, platform);
    } catch (ClassNotFoundException none) {
      return null;
    }
  }

  /** Initialises a class of Java, if this Java has it. */
  static void use(String name) throws ClassNotFoundException {
    if (find(name) != null) Class.forName(name, true, platform);
  }

  /** True if a class of Java was initialised. Before that, no task can have changed its fields. */
  static boolean isUsed(Class<?> type) throws ReflectiveOperationException {
    if (isUnused == null) {
      Class<?> modern = find("jdk.internal.misc.Unsafe");
      Class<?> owner = modern == null ? Class.forName("sun.misc.Unsafe") : modern;
      unsafe = valueOf(owner, "theUnsafe");
      isUnused = owner.getMethod("shouldBeInitialized", Class.class);
    }
    return !(Boolean) isUnused.invoke(unsafe, type);
  }

  /** A class of Java that has been used; null for any other. */
  static Class<?> findUsed(String name) throws ReflectiveOperationException {
    if (!classes.containsKey(name)) classes.put(name, find(name));
    Class<?> found = classes.get(name);
    return found != null && isUsed(found) ? found : null;
  }

  /** True for objects of a class that is not Java's. */
  static boolean isOfTask(Object object) {
    ClassLoader loader = object.getClass().getClassLoader();
    return loader != null && loader != platform;
  }

  private static void open(Class<?> owner) throws ReflectiveOperationException {
    if (module == null) return;
    Method moduleOf = Class.class.getMethod("getModule");
    Method open = module.getDeclaredMethod("implAddOpens", String.class, module);
    open.setAccessible(true);
    String name = owner.getName();
    String packageName = name.substring(0, name.lastIndexOf('.'));
    open.invoke(moduleOf.invoke(owner), packageName, moduleOf.invoke(JarcastJdk.class));
  }
}
