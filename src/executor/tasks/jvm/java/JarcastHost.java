import java.io.BufferedReader;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Loads one class from jars. Standard input has, one per line: the path of the proof file, the name
 * of the class, and the jars. Unlike arguments and environment variables, standard input has no
 * maximum length, and the class cannot read it again. The proof file is made once the class is
 * loaded: output and status 0 prove nothing, since they can come from the class itself.
 *
 * <p>Exit status: 0 loaded; 80 no such class; 81 a class it needs is missing or unusable; 82 its
 * initialiser threw; 83 it was compiled for a newer Java.
 */
public final class JarcastHost {
  private JarcastHost() {}

  public static void main(String[] args) throws Exception {
    List<String> lines = readLines();
    File proof = new File(lines.get(0));
    String className = lines.get(1);
    List<URL> jars = new ArrayList<URL>();
    for (String path : lines.subList(2, lines.size())) jars.add(new File(path).toURI().toURL());
    ClassLoader parent = JarcastHost.class.getClassLoader();
    ClassLoader loader = new URLClassLoader(jars.toArray(new URL[0]), parent);
    Thread.currentThread().setContextClassLoader(loader);
    Lines lineOut = new Lines(new FileOutputStream(FileDescriptor.out));
    PrintStream out = new PrintStream(lineOut, true, outputEncoding());
    System.setOut(out);
    int status = load(className, loader);
    if (status == 0) {
      if (!lineOut.isFresh) out.println();
      out.println("successfully loaded " + className);
      new FileOutputStream(proof).close();
    }
    System.out.flush();
    System.err.flush();
    // Threads that the class started must not keep the task running.
    System.exit(status);
  }

  static int load(String className, ClassLoader loader) {
    try {
      Class.forName(className, true, loader);
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

  /** The encoding of standard output: a property since Java 19, the default encoding before. */
  private static String outputEncoding() {
    return System.getProperty("stdout.encoding", Charset.defaultCharset().name());
  }

  private static List<String> readLines() throws Exception {
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    List<String> lines = new ArrayList<String>();
    for (String line = reader.readLine(); line != null; line = reader.readLine()) lines.add(line);
    return lines;
  }

  /** Records whether the output is at the beginning of a line. */
  private static final class Lines extends FilterOutputStream {
    volatile boolean isFresh = true;

    Lines(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int octet) throws IOException {
      out.write(octet);
      isFresh = octet == '\n';
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      out.write(bytes, from, length);
      if (length > 0) isFresh = bytes[from + length - 1] == '\n';
    }
  }
}
