import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;

/** Finds what a task has set or registered in classes of Java, for the whole JVM. */
final class JarcastSettings {
  /**
   * Static fields and their values while no task has set them: an object of this class, an object
   * of any class of Java ("java."), this value, null (""), or no elements ("[]").
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

  private static final Set<String> domainsOfJava =
      new HashSet<String>(
          Arrays.asList(
              "JMImplementation", "com.sun.management", "java.lang", "java.nio",
              "java.util.logging", "jdk.management", "jdk.management.jfr"));

  private final Map<?, ?> signals;
  private final Map<?, ?> securityProperties;
  private final Object[] securityProviders;

  /** Records the state before the first task. Throws if it cannot be read in this Java. */
  JarcastSettings() throws ReflectiveOperationException {
    signals = new HashMap<Object, Object>(signalHandlers());
    securityProperties = new HashMap<Object, Object>(securityProperties());
    securityProviders = securityProviders();
    JarcastJdk.isUsed(Thread.class);
  }

  String findSetting() throws ReflectiveOperationException {
    for (String[] setting : settings) {
      Class<?> owner = JarcastJdk.findUsed(setting[0]);
      if (owner == null) continue;
      Object value;
      try {
        value = JarcastJdk.valueOf(owner, setting[1]);
      } catch (NoSuchFieldException elsewhere) {
        // This version of Java has no such field.
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
      boolean isMap = value instanceof Map;
      return isMap ? ((Map<?, ?>) value).isEmpty() : ((Collection<?>) value).isEmpty();
    }
    if (expected.equals("java.")) return !JarcastJdk.isOfTask(value);
    boolean isPlain = value instanceof Boolean || value instanceof Integer;
    return expected.equals(isPlain ? value.toString() : value.getClass().getName());
  }

  String findRegistration() throws ReflectiveOperationException {
    if (!signals.equals(signalHandlers())) return "it handles signals";
    if (!securityProperties.equals(securityProperties())) return "it has set a security property";
    if (!Arrays.equals(securityProviders, securityProviders())) {
      return "it has changed the security providers";
    }
    if (JarcastJdk.findUsed("javax.management.MBeanServerFactory") != null) {
      for (MBeanServer server : MBeanServerFactory.findMBeanServer(null)) {
        for (String domain : server.getDomains()) {
          if (!domainsOfJava.contains(domain)) return "it has registered MBeans, of " + domain;
        }
      }
    }
    boolean hasPlugins = JarcastJdk.findUsed("javax.imageio.spi.IIORegistry") != null;
    return hasPlugins ? "it has registered image formats" : null;
  }

  private static Map<?, ?> signalHandlers() throws ReflectiveOperationException {
    Class<?> modern = JarcastJdk.find("jdk.internal.misc.Signal");
    Class<?> owner = modern == null ? Class.forName("sun.misc.Signal") : modern;
    return (Map<?, ?>) JarcastJdk.valueOf(owner, "handlers");
  }

  private static Map<?, ?> securityProperties() throws ReflectiveOperationException {
    return (Map<?, ?>) JarcastJdk.valueOf(Class.forName("java.security.Security"), "props");
  }

  private static Object[] securityProviders() throws ReflectiveOperationException {
    Class<?> owner = Class.forName("sun.security.jca.Providers");
    Object list = JarcastJdk.valueOf(owner, "providerList");
    return (Object[]) JarcastJdk.field(list.getClass(), "configs").get(list);
  }
}
