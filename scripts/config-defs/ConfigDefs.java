// Prints the ConfigDef of each connector, transformation, predicate and converter of a jar, a JSON line each:
// {"class": …, "kind": …, "settings": {NAME: TYPE}}. With --static, of each client of Kafka, which has it in a static method.
// What cannot be loaded or made goes to standard error, with its reason.
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef;

public class ConfigDefs {
  private static final Map<String, String> KINDS = new LinkedHashMap<>();

  static {
    KINDS.put("connector", "org.apache.kafka.connect.connector.Connector");
    KINDS.put("transformation", "org.apache.kafka.connect.transforms.Transformation");
    KINDS.put("predicate", "org.apache.kafka.connect.transforms.predicates.Predicate");
    KINDS.put("converter", "org.apache.kafka.connect.storage.Converter");
    KINDS.put("converter ", "org.apache.kafka.connect.storage.HeaderConverter");
  }

  public static void main(String[] arguments) throws Exception {
    PrintStream out = System.out;
    // Connectors greet and log on standard output.
    System.setOut(System.err);
    boolean isStatic = arguments[0].equals("--static");
    for (int at = isStatic ? 1 : 0; at < arguments.length; at += 1) {
      try (JarFile jar = new JarFile(arguments[at])) {
        for (String name : classes(jar)) {
          try {
            String line = isStatic ? staticLine(name) : line(name);
            if (line != null) out.println(line);
          } catch (Throwable problem) {
            System.err.println("not read: " + name + ": " + rootOf(problem));
          }
        }
      }
    }
    out.flush();
    // Some start threads that never end.
    Runtime.getRuntime().halt(0);
  }

  private static Iterable<String> classes(JarFile jar) {
    return jar.stream()
        .map(entry -> entry.getName())
        .filter(name -> name.endsWith(".class") && !name.startsWith("META-INF/"))
        .map(name -> name.substring(0, name.length() - 6).replace('/', '.'))
        .sorted()
        .collect(Collectors.toList());
  }

  private static String line(String name) throws Exception {
    Class<?> type = loaded(name);
    if (type == null) return null;
    if (Modifier.isAbstract(type.getModifiers()) || !Modifier.isPublic(type.getModifiers())) return null;
    for (Map.Entry<String, String> kind : KINDS.entrySet()) {
      if (!Class.forName(kind.getValue()).isAssignableFrom(type)) continue;
      Object made = type.getDeclaredConstructor().newInstance();
      Object config = type.getMethod("config").invoke(made);
      return config == null ? null : json(name, kind.getKey().trim(), (ConfigDef) config);
    }
    return null;
  }

  private static String staticLine(String name) throws Exception {
    Class<?> type = name.startsWith("org.apache.kafka.clients.") ? loaded(name) : null;
    if (type == null) return null;
    for (Method method : type.getDeclaredMethods()) {
      int modifiers = method.getModifiers();
      boolean gives = method.getReturnType() == ConfigDef.class && method.getParameterCount() == 0;
      if (!gives || !Modifier.isStatic(modifiers) || !Modifier.isPublic(modifiers)) continue;
      return json(name, "client", (ConfigDef) method.invoke(null));
    }
    return null;
  }

  private static Class<?> loaded(String name) {
    try {
      return Class.forName(name, false, ConfigDefs.class.getClassLoader());
    } catch (LinkageError | ClassNotFoundException absent) {
      // Of a library that is optional.
      return null;
    }
  }

  private static String json(String name, String kind, ConfigDef config) {
    Map<String, String> settings = new TreeMap<>();
    config.configKeys().forEach((key, value) -> settings.put(key, value.type.name()));
    return settings.entrySet().stream()
        .map(it -> quoted(it.getKey()) + ":" + quoted(it.getValue()))
        .collect(Collectors.joining(
            ",", "{\"class\":" + quoted(name) + ",\"kind\":" + quoted(kind) + ",\"settings\":{", "}}"));
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
  }

  private static Throwable rootOf(Throwable problem) {
    Throwable root = problem;
    while (root.getCause() != null) root = root.getCause();
    return root;
  }
}
