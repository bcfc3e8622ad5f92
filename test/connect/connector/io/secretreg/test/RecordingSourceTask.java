package io.secretreg.test;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;

/** It reads nothing, so it writes nothing. */
public class RecordingSourceTask extends SourceTask {
  private final CountDownLatch stopped = new CountDownLatch(1);

  @Override
  public void start(Map<String, String> config) {
    Recording.append(config, "task");
    RecordingSourceConnector.failIn("task", config);
  }

  @Override
  public List<SourceRecord> poll() throws InterruptedException {
    stopped.await(1, TimeUnit.SECONDS);
    return null;
  }

  @Override
  public void stop() {
    stopped.countDown();
  }

  @Override
  public String version() {
    return "1";
  }
}
