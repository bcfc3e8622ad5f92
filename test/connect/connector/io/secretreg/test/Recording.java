package io.secretreg.test;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;

/** Lines of {@code {"at": "connector" or "task", "config": {…}}}. */
final class Recording {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Recording() {}

  /** In one write, so that lines of several tasks do not mix. */
  static void append(Map<String, String> config, String at) {
    String file = config.get(RecordingSourceConnector.RECORD_FILE);
    if (file == null) return;
    try {
      byte[] line = (line(config, at) + "\n").getBytes(StandardCharsets.UTF_8);
      Files.write(Path.of(file), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new ConnectException("cannot record the configuration", e);
    }
  }

  private static String line(Map<String, String> config, String at) throws JsonProcessingException {
    return JSON.writeValueAsString(Map.of("at", at, "config", config));
  }
}
