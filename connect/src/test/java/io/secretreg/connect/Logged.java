package io.secretreg.connect;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.apache.log4j.AppenderSkeleton;
import org.apache.log4j.Level;
import org.apache.log4j.Logger;
import org.apache.log4j.spi.LoggingEvent;

/** Every line that is logged while it is open, of whatever class and level. */
final class Logged extends AppenderSkeleton implements AutoCloseable {
    private final List<LoggingEvent> events = new CopyOnWriteArrayList<>();

    Logged() {
        Logger.getRootLogger().setLevel(Level.ALL);
        Logger.getRootLogger().addAppender(this);
    }

    /** WARN and above. */
    List<String> warnings() {
        return events.stream()
                .filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                .map(LoggingEvent::getRenderedMessage)
                .collect(Collectors.toList());
    }

    /** With stack traces. */
    String text() {
        return events.stream()
                .map(event -> event.getRenderedMessage() + (event.getThrowableInformation() == null
                        ? ""
                        : String.join("\n", event.getThrowableInformation().getThrowableStrRep())))
                .collect(Collectors.joining("\n"));
    }

    @Override
    protected void append(LoggingEvent event) {
        events.add(event);
    }

    @Override
    public void close() {
        Logger.getRootLogger().removeAppender(this);
    }

    @Override
    public boolean requiresLayout() {
        return false;
    }
}
