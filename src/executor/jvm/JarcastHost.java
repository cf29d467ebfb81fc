import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Loads one class out of jars. Standard input has the class name on its first line, then one jar per line: unlike
 * arguments and environment variables, it has no bound on its length.
 *
 * Exit status: 0 loaded, 80 no such class, 81 a class it needs is missing or unusable, 82 its initialiser threw,
 * 83 it was compiled for a newer Java.
 */
public final class JarcastHost {
  private JarcastHost() {}

  public static void main(String[] args) throws Exception {
    List<String> lines = readLines();
    String className = lines.get(0);
    List<URL> jars = new ArrayList<URL>();
    for (String path : lines.subList(1, lines.size())) jars.add(new File(path).toURI().toURL());
    ClassLoader parent = JarcastHost.class.getClassLoader();
    ClassLoader loader = new URLClassLoader(jars.toArray(new URL[0]), parent);
    Thread.currentThread().setContextClassLoader(loader);
    int status = load(className, loader);
    System.out.flush();
    System.err.flush();
    // A class may have started threads of its own: they must not keep the task.
    System.exit(status);
  }

  private static int load(String className, ClassLoader loader) {
    try {
      Class.forName(className, true, loader);
      System.out.println("successfully loaded " + className);
      return 0;
    } catch (ClassNotFoundException error) {
      error.printStackTrace();
      return 80;
    } catch (ExceptionInInitializerError error) {
      error.printStackTrace();
      return 82;
    } catch (UnsupportedClassVersionError error) {
      error.printStackTrace();
      return 83;
    } catch (LinkageError error) {
      error.printStackTrace();
      return 81;
    }
  }

  private static List<String> readLines() throws Exception {
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    List<String> lines = new ArrayList<String>();
    for (String line = reader.readLine(); line != null; line = reader.readLine()) lines.add(line);
    return lines;
  }
}
