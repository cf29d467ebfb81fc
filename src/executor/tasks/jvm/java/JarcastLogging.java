import java.io.PrintStream;
import java.util.Collections;
import java.util.List;
import java.util.logging.ConsoleHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.logging.StreamHandler;

/** Checks that java.util.logging has the configuration of Java. */
final class JarcastLogging {
  private JarcastLogging() {}

  static boolean isUnchanged(PrintStream err) throws ReflectiveOperationException {
    LogManager manager = LogManager.getLogManager();
    if (manager.getClass() != LogManager.class) return false;
    List<String> names = Collections.list(manager.getLoggerNames());
    for (String name : names) {
      Logger logger = manager.getLogger(name);
      if (logger == null) continue;
      boolean isUnchanged = name.isEmpty() ? isRootUnchanged(logger, err) : isUnchanged(logger);
      if (!isUnchanged) return false;
    }
    return true;
  }

  private static boolean isUnchanged(Logger logger) {
    boolean isPlain = logger.getLevel() == null && logger.getFilter() == null;
    return isPlain && logger.getUseParentHandlers() && logger.getHandlers().length == 0;
  }

  /** As in the logging.properties file of Java. */
  private static boolean isRootUnchanged(Logger root, PrintStream err)
      throws ReflectiveOperationException {
    Handler[] handlers = root.getHandlers();
    if (root.getLevel() != Level.INFO || root.getFilter() != null) return false;
    if (handlers.length != 1 || handlers[0].getClass() != ConsoleHandler.class) return false;
    Handler console = handlers[0];
    return console.getLevel() == Level.INFO
        && console.getFilter() == null
        && console.getEncoding() == null
        && console.getFormatter().getClass() == SimpleFormatter.class
        && JarcastJdk.field(StreamHandler.class, "output").get(console) == err;
  }
}
