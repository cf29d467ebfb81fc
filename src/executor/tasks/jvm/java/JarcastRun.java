import java.io.DataInputStream;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Properties;

/** A request to run a task. */
final class JarcastRun {
  final byte[] marker;
  final boolean isChildFirst;
  final boolean isLoadOnly;
  final String className;
  final String[] args;
  final String[] jars;
  final String[] parentFirst;
  final byte[] stdin;

  JarcastRun(DataInputStream body) throws IOException {
    marker = readBytes(body);
    isChildFirst = readString(body).equals("child-first");
    isLoadOnly = readString(body).equals("load-class");
    className = readString(body);
    args = readStrings(body);
    jars = readStrings(body);
    parentFirst = readStrings(body);
    stdin = readBytes(body);
  }

  URL[] urls() throws IOException {
    URL[] urls = new URL[jars.length];
    for (int i = 0; i < jars.length; i++) urls[i] = new File(jars[i]).toURI().toURL();
    return urls;
  }

  /** Sets the properties in which programs look for their jars and their name. */
  void describeIn(Properties properties) {
    properties.setProperty("java.class.path", String.join(File.pathSeparator, jars));
    String words = args.length == 0 ? "" : " " + String.join(" ", args);
    properties.setProperty("sun.java.command", className + words);
  }

  private static String readString(DataInputStream in) throws IOException {
    return new String(readBytes(in), StandardCharsets.UTF_8);
  }

  private static byte[] readBytes(DataInputStream in) throws IOException {
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    return bytes;
  }

  private static String[] readStrings(DataInputStream in) throws IOException {
    String[] strings = new String[in.readInt()];
    for (int index = 0; index < strings.length; index++) strings[index] = readString(in);
    return strings;
  }
}
