import java.io.FileDescriptor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.Map;

/**
 * Fields and methods that Java does not export. On Java 8 reflection suffices. Later versions need {@code Add-Opens:
 * java.base/java.lang} in the manifest; other packages are then opened from here, to these classes' module alone.
 */
final class JarcastJdk {
  /** Knows the modules of Java; on Java 8 it is the loader of extensions. */
  private static final ClassLoader platform = ClassLoader.getSystemClassLoader().getParent();

  /** Null on Java 8. */
  private static final Class<?> module = find("java.lang.Module");

  /** By class and name: looked for once, as this is done after each task. By one thread. */
  private static final Map<String, Field> fields = new HashMap<String, Field>();

  private static Object unsafe;
  private static Method isUnused;

  private JarcastJdk() {}

  /** A file descriptor that Java has no name for. */
  static FileDescriptor descriptor(int number) throws ReflectiveOperationException {
    FileDescriptor descriptor = new FileDescriptor();
    field(FileDescriptor.class, "fd").setInt(descriptor, number);
    return descriptor;
  }

  /** Ends the JVM, hooks first, as System.exit does; no security manager of a task can refuse it. */
  static void exit(int status) {
    try {
      Method exit = Class.forName("java.lang.Shutdown").getDeclaredMethod("exit", int.class);
      exit.setAccessible(true);
      exit.invoke(null, status);
    } catch (ReflectiveOperationException none) {
      System.exit(status);
    }
  }

  /** Opens its package first, if need be. */
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

  /** A class of Java; null when this Java has none of this name. Does not initialise it. */
  static Class<?> find(String name) {
    try {
      return Class.forName(name, false, platform);
    } catch (ClassNotFoundException none) {
      return null;
    }
  }

  /** True once a class of Java has been used: before that, its static fields cannot have been changed. */
  static boolean isUsed(Class<?> type) throws ReflectiveOperationException {
    if (isUnused == null) {
      Class<?> modern = find("jdk.internal.misc.Unsafe");
      Class<?> owner = modern == null ? Class.forName("sun.misc.Unsafe") : modern;
      unsafe = valueOf(owner, "theUnsafe");
      isUnused = owner.getMethod("shouldBeInitialized", Class.class);
    }
    return !(Boolean) isUnused.invoke(unsafe, type);
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
