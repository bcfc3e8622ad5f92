package io.secretreg.test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceConnector;

/**
 * Appends the configuration that it was started with to a file, as one line of JSON; its task does the same.
 * By its settings it leaks the password in each way that connectors do.
 */
public class RecordingSourceConnector extends SourceConnector {
  /** The file to append to. */
  static final String RECORD_FILE = "record.file";
  /** A key of the task's configuration that gets the password too. */
  static final String COPY_PASSWORD_AS = "copy.password.as";
  /** A file whose text the task gets, as that of another connector's is the names of consumer groups. */
  static final String TASK_TEXT_FROM = "task.text.from";
  /** Where the password stands in the message of an error: field, validate, start or task. */
  static final String FAIL_IN = "fail.in";

  private static final ConfigDef CONFIG = new ConfigDef()
      .define("username", Type.STRING, null, Importance.HIGH, "A name.")
      .define("password", Type.PASSWORD, null, Importance.HIGH, "A password.")
      .define("url", Type.STRING, null, Importance.HIGH, "Some other text.")
      .define(RECORD_FILE, Type.STRING, null, Importance.HIGH, "The file to append to.")
      .define(COPY_PASSWORD_AS, Type.STRING, null, Importance.LOW, "Another key of the task.")
      .define(TASK_TEXT_FROM, Type.STRING, null, Importance.LOW, "A file whose text the task gets.")
      .define(FAIL_IN, Type.STRING, "", Importance.LOW, "Where an error shows the password.");

  private Map<String, String> config;

  /** Says the password aloud where it was told to. */
  static void failIn(String place, Map<String, String> config) {
    if (place.equals(config.get(FAIL_IN))) {
      throw new ConnectException("cannot log in with " + config.get("password"));
    }
  }

  @Override
  public void start(Map<String, String> properties) {
    config = properties;
    Recording.append(config, "connector");
    failIn("start", config);
  }

  @Override
  public Class<? extends Task> taskClass() {
    return RecordingSourceTask.class;
  }

  @Override
  public List<Map<String, String>> taskConfigs(int maxTasks) {
    Map<String, String> task = new HashMap<>(config);
    String copy = config.get(COPY_PASSWORD_AS);
    if (copy != null) task.put(copy, config.get("password"));
    String file = config.get(TASK_TEXT_FROM);
    if (file != null) task.put("task.text", textOf(file));
    return List.of(task);
  }

  private static String textOf(String file) {
    try {
      return Files.readString(Path.of(file));
    } catch (IOException e) {
      throw new ConnectException("cannot read the text for the task", e);
    }
  }

  @Override
  public Config validate(Map<String, String> properties) {
    failIn("validate", properties);
    Config checked = super.validate(properties);
    if ("field".equals(properties.get(FAIL_IN))) {
      for (ConfigValue value : checked.configValues()) {
        if (value.name().equals("password")) {
          value.addErrorMessage("cannot log in with " + properties.get("password"));
        }
      }
    }
    return checked;
  }

  @Override
  public void stop() {}

  @Override
  public ConfigDef config() {
    return CONFIG;
  }

  @Override
  public String version() {
    return "1";
  }
}
