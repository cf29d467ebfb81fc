import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The class loaders of a warm host: one per library set that tasks share, and one for each task that wants its own. */
final class JarcastLoaders {
  /** Loaders of sets that no task uses now, kept for the next one. */
  private static final int maxIdle = 4;

  private final Map<String, Shared> shared = new LinkedHashMap<String, Shared>();

  static URL[] toUrls(String[] jars) throws MalformedURLException {
    URL[] urls = new URL[jars.length];
    for (int index = 0; index < jars.length; index++) urls[index] = new File(jars[index]).toURI().toURL();
    return urls;
  }

  /** The loader of the set, made by the first task that comes with it. */
  synchronized Use shared(String setId, URL[] urls) {
    Shared entry = shared.remove(setId);
    if (entry == null) entry = new Shared(new URLClassLoader(urls, parent()));
    entry.uses += 1;
    // Last in order: used last.
    shared.put(setId, entry);
    final Shared used = entry;
    return new Use(entry.loader) {
      @Override
      void close() throws IOException {
        leave(used);
      }
    };
  }

  /** A loader that looks into its own jars first, but for names that begin with one of the patterns. */
  Use childFirst(URL[] urls, String[] parentFirst) {
    final ChildFirst own = new ChildFirst(urls, parent(), parentFirst);
    return new Use(own) {
      @Override
      void close() throws IOException {
        own.close();
      }
    };
  }

  private synchronized void leave(Shared left) throws IOException {
    left.uses -= 1;
    List<String> idle = new ArrayList<String>();
    for (Map.Entry<String, Shared> entry : shared.entrySet()) {
      if (entry.getValue().uses == 0) idle.add(entry.getKey());
    }
    for (int index = 0; index < idle.size() - maxIdle; index++) {
      shared.remove(idle.get(index)).loader.close();
    }
  }

  private static ClassLoader parent() {
    return JarcastLoaders.class.getClassLoader();
  }

  /** A loader in use by one task. */
  abstract static class Use {
    final ClassLoader loader;

    Use(ClassLoader loader) {
      this.loader = loader;
    }

    abstract void close() throws IOException;
  }

  private static final class Shared {
    final URLClassLoader loader;
    int uses;

    Shared(URLClassLoader loader) {
      this.loader = loader;
    }
  }

  private static final class ChildFirst extends URLClassLoader {
    static {
      registerAsParallelCapable();
    }

    private final String[] parentFirst;

    ChildFirst(URL[] urls, ClassLoader parent, String[] parentFirst) {
      super(urls, parent);
      this.parentFirst = parentFirst;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(name)) {
        Class<?> found = findLoadedClass(name);
        if (found == null) found = isParentFirst(name) ? null : findOwn(name);
        if (found == null) return super.loadClass(name, resolve);
        if (resolve) resolveClass(found);
        return found;
      }
    }

    private Class<?> findOwn(String name) {
      try {
        return findClass(name);
      } catch (ClassNotFoundException elsewhere) {
        return null;
      }
    }

    @Override
    public URL getResource(String name) {
      URL own = isParentFirst(name.replace('/', '.')) ? null : findResource(name);
      return own == null ? super.getResource(name) : own;
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
      List<URL> own = Collections.list(findResources(name));
      List<URL> inherited = Collections.list(getParent().getResources(name));
      boolean isOwnFirst = !isParentFirst(name.replace('/', '.'));
      List<URL> all = new ArrayList<URL>(isOwnFirst ? own : inherited);
      all.addAll(isOwnFirst ? inherited : own);
      return Collections.enumeration(all);
    }

    private boolean isParentFirst(String name) {
      for (String prefix : parentFirst) if (name.startsWith(prefix)) return true;
      return false;
    }
  }
}
