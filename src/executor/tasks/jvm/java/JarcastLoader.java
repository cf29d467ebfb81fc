import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;

/** Class loader of one task: its own jars first, except for names with one of the prefixes. */
final class JarcastLoader extends URLClassLoader {
  static {
    registerAsParallelCapable();
  }

  private final String[] parentFirst;

  JarcastLoader(URL[] urls, ClassLoader parent, String[] parentFirst) {
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
