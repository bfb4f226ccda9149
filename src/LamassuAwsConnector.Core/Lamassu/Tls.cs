using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace LamassuAwsConnector.Core.Lamassu;

/// <summary>How servers of a Lamassu installation are trusted, and how we show ourselves to them.</summary>
public static class Tls
{
    /// <param name="caCertFile">A PEM file whose first certificate is trusted beside the system's; null or empty: the system's alone.</param>
    /// <param name="insecureSkipVerify">Every server is trusted.</param>
    public static SocketsHttpHandler HandlerTrusting(string? caCertFile, bool insecureSkipVerify)
    {
        // Redirects are not followed: they would carry our credentials to another host.
        var handler = new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5), AllowAutoRedirect = false };
        handler.SslOptions.RemoteCertificateValidationCallback = Trusting(caCertFile, insecureSkipVerify);
        return handler;
    }

    /// <summary>The same for a connection of another kind; null: by the system's trust alone.</summary>
    public static RemoteCertificateValidationCallback? Trusting(string? caCertFile, bool insecureSkipVerify)
    {
        if (insecureSkipVerify)
        {
            // CA5359: asked for in the configuration, and said at start.
#pragma warning disable CA5359
            return (_, _, _, _) => true;
#pragma warning restore CA5359
        }

        if (caCertFile is not { Length: > 0 } file)
        {
            return null;
        }

        var anchor = X509CertificateLoader.LoadCertificateFromFile(file);
        return (_, certificate, chain, errors) => IsTrusted(certificate, chain, errors, anchor);
    }

    /// <summary>The certificate with its key; what else the certificate text holds are the intermediate ones that go with it.</summary>
    /// <param name="certificate">PEM text, or the path of a file with it.</param>
    /// <param name="key">Of the same form.</param>
    public static SslStreamCertificateContext ClientCertificate(string certificate, string key)
    {
        var isInline = certificate.Contains("-----BEGIN CERTIFICATE-----", StringComparison.Ordinal);
        var text = isInline ? certificate : File.ReadAllText(certificate);
        var leaf = X509Certificate2.CreateFromPem(text, isInline ? key : File.ReadAllText(key));
        var all = new X509Certificate2Collection();
        all.ImportFromPem(text);
        return SslStreamCertificateContext.Create(leaf, [.. all.Skip(1)], offline: true);
    }

    /// <returns>null: it is a trust anchor. Else why it is none.</returns>
    public static string? WhyUnusable(string caCertFile) => !File.Exists(caCertFile)
        ? "there is no such file"
        : WhyUnusable(() => HandlerTrusting(caCertFile, insecureSkipVerify: false).Dispose());

    /// <returns>null: they are a client certificate. Else why they are none.</returns>
    public static string? WhyUnusable(string certificate, string key) => WhyUnusable(() => ClientCertificate(certificate, key));

    // The exception's own words are not said: with PEM text in place of a path they would hold the key.
    private static string? WhyUnusable(Action use)
    {
        try
        {
            use();
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "a file is not there or can't be read";
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            return "it is no PEM of a certificate, or the key does not belong to it";
        }
    }

    private static bool IsTrusted(X509Certificate? certificate, X509Chain? presented, SslPolicyErrors errors, X509Certificate2 anchor)
    {
        if (errors == SslPolicyErrors.None)
        {
            return true;
        }

        // A wrong name stays wrong, whoever signed it.
        if (errors != SslPolicyErrors.RemoteCertificateChainErrors || certificate is not X509Certificate2 server)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(anchor);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.1", "Server authentication"));
        if (presented is not null)
        {
            // Intermediate certificates that the server sent.
            chain.ChainPolicy.ExtraStore.AddRange(presented.ChainPolicy.ExtraStore);
        }

        return chain.Build(server);
    }
}
