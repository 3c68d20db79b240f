package dev.quern.cli.http;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.net.URI;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Optional;
import java.util.OptionalInt;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Sorts what goes wrong before an answer is here: what may pass, and what will not. */
final class Problems {
    private static final String TUNNEL = "Tunnel failed, got: ";

    private Problems() {}

    /**
     * What a failed request means.
     *
     * @return a {@link HttpFailure} where asking again would not help, and otherwise a phrase in an exception of
     *     another kind
     */
    static IOException of(URI address, Optional<ProxyAddress> proxy, Throwable cause) {
        String through = proxy.map(each -> " (through the proxy " + each + ")").orElse("");
        Optional<SSLException> tls = find(cause, SSLException.class);
        if (tls.isPresent() && !isBroken(tls.get())) {
            return new HttpFailure(tlsProblem(address, through, tls.get()), cause);
        }
        OptionalInt tunnel = tunnelStatus(cause);
        if (tunnel.isPresent() && proxy.isPresent()) {
            String refusal = "the proxy " + proxy.get() + " answers with HTTP " + tunnel.getAsInt();
            return tunnel.getAsInt() < 500 && !BusyException.means(tunnel.getAsInt())
                    ? new HttpFailure(
                            "There is no way to " + address.getHost() + ": " + refusal
                                    + ". Ask who runs the proxy, or except the host with no_proxy.",
                            cause)
                    : new IOException(refusal, cause);
        }
        if (find(cause, ConnectException.class).isPresent()) {
            String unknown = proxy.isPresent() ? "the proxy's name " : "the host's name ";
            return new IOException(
                    find(cause, UnresolvedAddressException.class).isPresent()
                            ? unknown + "is unknown, or there is no network" + through
                            : "the connection is refused, or there is no network" + through,
                    cause);
        }
        return new IOException(
                find(cause, ProtocolException.class).isPresent()
                        ? "what the server answers is no HTTP" + through
                        : "the server closed the connection without an answer" + through,
                cause);
    }

    /** A connection that broke while TLS was being agreed on says nothing of certificates. */
    private static boolean isBroken(SSLException problem) {
        return problem.getCause() instanceof EOFException || problem.getCause() instanceof SocketException;
    }

    private static String tlsProblem(URI address, String through, SSLException problem) {
        String host = address.getHost();
        if (find(problem, CertificateExpiredException.class).isPresent()
                || find(problem, CertificateNotYetValidException.class).isPresent()) {
            return "The certificate of " + host + through + " is not valid today. Is this machine's clock right?";
        }
        if (find(problem, CertPathBuilderException.class).isPresent()) {
            return "The certificate of " + host + through
                    + " is from nobody whom Java trusts. Where a proxy or a filter"
                    + " reads along, give Java its certificate: QUERN_JAVA_OPTIONS=-Djavax.net.ssl.trustStore=FILE.";
        }
        return find(problem, CertificateException.class)
                .map(wrong -> "The certificate of " + host + through + " is refused: " + wrong.getMessage() + ".")
                .orElseGet(
                        () -> "No secure connection to " + host + through + " can be agreed on: " + problem.getMessage()
                                + ". Does the server speak HTTPS at port " + Origin.portOf(address) + "?");
    }

    private static OptionalInt tunnelStatus(Throwable cause) {
        for (Throwable each = cause; each != null; each = each.getCause()) {
            String message = each.getMessage() == null ? "" : each.getMessage();
            if (message.startsWith(TUNNEL) && message.length() == TUNNEL.length() + 3) {
                String digits = message.substring(TUNNEL.length());
                return digits.chars().allMatch(Character::isDigit)
                        ? OptionalInt.of(Integer.parseInt(digits))
                        : OptionalInt.empty();
            }
        }
        return OptionalInt.empty();
    }

    private static <T extends Throwable> Optional<T> find(@Nullable Throwable cause, Class<T> kind) {
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (kind.isInstance(each)) {
                return Optional.of(kind.cast(each));
            }
        }
        return Optional.empty();
    }
}
