import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Finds open files and native libraries of tasks. */
final class JarcastFiles {
  /** Linux adds this to the name of an open file that was removed. */
  private static final String removed = " (deleted)";

  /** Java opens a socket for itself when it first uses each of these, and keeps it. */
  private static final String[] ownersOfSockets = {
    "sun.nio.ch.FileDispatcherImpl", "sun.nio.ch.UnixDispatcher",
  };

  private final Set<String> libraries;
  /** By descriptor, those from before the first task. Java keeps them open. */
  private final Map<String, String> ownFiles;

  private Set<String> openFiles = new HashSet<String>();

  /** Records the state before the first task. Throws if it cannot be read in this Java. */
  JarcastFiles() throws ReflectiveOperationException {
    for (String owner : ownersOfSockets) JarcastJdk.use(owner);
    libraries = libraries();
    ownFiles = openFiles(new HashSet<String>());
  }

  /** No other class loader can load a native library while the loader that did so lives. */
  String findLibrary() throws ReflectiveOperationException {
    for (String library : libraries()) {
      if (!libraries.contains(library)) {
        return "it has loaded the native library " + new File(library).getName();
      }
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
      // Java 12 to 14 hide it.
      return libraries;
    }
    String home = System.getProperty("java.home");
    for (Object name : (Collection<?>) names) {
      if (!name.toString().startsWith(home)) libraries.add(name.toString());
    }
    return libraries;
  }

  String findOpenFile(String[] jars) {
    Set<String> now = new HashSet<String>(openFiles(ownFiles.keySet()).values());
    for (String file : now) {
      if (openFiles.contains(file) || ownFiles.containsValue(file)) continue;
      if (isOfJava(file) || isAmong(jars, file)) continue;
      return "it left " + (file.startsWith("socket:") ? "a socket" : file) + " open";
    }
    openFiles = now;
    return null;
  }

  private static boolean isOfJava(String file) {
    return file.startsWith(System.getProperty("java.home"))
        || file.startsWith("/dev/")
        || file.startsWith("/sys/")
        || file.startsWith("anon_inode:");
  }

  private static boolean isAmong(String[] jars, String file) {
    for (String jar : jars) {
      try {
        if (new File(jar).getCanonicalPath().equals(file)) return true;
      } catch (IOException unreadable) {
        // An unreadable jar is not open.
      }
    }
    return false;
  }

  /** By descriptor, the files of all but the known ones; empty if the system does not show them. */
  private static Map<String, String> openFiles(Set<String> known) {
    Map<String, String> files = new HashMap<String, String>();
    String[] descriptors = new File("/proc/self/fd").list();
    if (descriptors == null) return files;
    for (String descriptor : descriptors) {
      if (known.contains(descriptor)) continue;
      try {
        String file = Files.readSymbolicLink(Paths.get("/proc/self/fd", descriptor)).toString();
        // A jar may be removed while it is open.
        boolean isRemoved = file.endsWith(removed);
        int end = isRemoved ? file.length() - removed.length() : file.length();
        files.put(descriptor, file.substring(0, end));
      } catch (IOException gone) {
        // The descriptor of the folder itself.
      }
    }
    return files;
  }
}
