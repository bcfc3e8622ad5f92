package io.secretreg.connect.rest;

import java.lang.reflect.InvocationTargetException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.rest.ConnectRestExtensionContext;

/**
 * Hands our classes to the worker's JAX-RS, which is {@code javax.ws.rs} in Connect 3 and {@code jakarta.ws.rs} in Connect 4
 * (KIP-1032). Only one of the two is there, so what names the other must not be loaded.
 */
public abstract class Registration {
    /** Of a request: what it is, for the steps that follow. */
    static final String CALL = "io.secretreg.connect.call";

    /**
     * Behind Priorities.USER (5000), so that whoever finds out who the caller is comes first, whichever of two extensions is
     * named first: Kafka's own one of basic authentication has no priority in Connect 4. And next to Connect's own reader and
     * writer: what is checked is what that one made of a body, and no other interceptor sees an answer before its values are
     * hidden. As one number, since Jersey does not sort by those of single contracts.
     */
    static final int BEHIND_OTHERS = 6000;

    Registration() {}

    /** Fails with ConfigException on a worker of neither kind. */
    public static void register(ConnectRestExtensionContext context, Guard guard) {
        Object configurable = configurableOf(context);
        registrationFor(configurable).register(configurable, guard);
    }

    abstract void register(Object configurable, Guard guard);

    /** By reflection: its type differs, and so the method that the compiler would name. */
    private static Object configurableOf(ConnectRestExtensionContext context) {
        try {
            return ConnectRestExtensionContext.class.getMethod("configurable").invoke(context);
        } catch (ReflectiveOperationException e) {
            throw unknown(e);
        }
    }

    private static Registration registrationFor(Object configurable) {
        boolean isJakarta = hasInterface(configurable.getClass(), "jakarta.ws.rs.core.Configurable");
        if (!isJakarta && !hasInterface(configurable.getClass(), "javax.ws.rs.core.Configurable")) throw unknown(null);
        String name = Registration.class.getPackageName() + (isJakarta ? ".JakartaRegistration" : ".JavaxRegistration");
        try {
            return (Registration) Class.forName(name).getDeclaredConstructor().newInstance();
        } catch (InvocationTargetException e) {
            throw unknown(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw unknown(e);
        }
    }

    private static boolean hasInterface(Class<?> type, String name) {
        if (type == null) return false;
        for (Class<?> one : type.getInterfaces()) {
            if (one.getName().equals(name) || hasInterface(one, name)) return true;
        }
        return hasInterface(type.getSuperclass(), name);
    }

    private static ConfigException unknown(Throwable cause) {
        ConfigException refused = new ConfigException(
                "the secret registry's REST extension does not know this version of Connect: it is for those of javax.ws.rs (3.x) and jakarta.ws.rs (4.x)");
        refused.initCause(cause);
        return refused;
    }
}
