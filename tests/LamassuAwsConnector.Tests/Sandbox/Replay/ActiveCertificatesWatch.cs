using System.Collections.Concurrent;
using LamassuAwsConnector.Sandbox.Aws;
using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Sandbox.Replay;

namespace LamassuAwsConnector.Tests.Sandbox.Replay;

/// <summary>
/// Sees each certificate at the moment in which it becomes ACTIVE in AWS, be it by an operation that registers it or by one that changes it, and asks Lamassu in
/// that moment whether it is ACTIVE there.
/// </summary>
internal sealed class ActiveCertificatesWatch
{
    private readonly HashSet<string> active = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> wrong = new();
    private LamassuState? lamassu;
    private int seen;

    /// <summary>What became ACTIVE and was not so in Lamassu.</summary>
    public IReadOnlyCollection<string> Wrong => wrong;

    /// <summary>How often a certificate became ACTIVE.</summary>
    public int Seen => seen;

    /// <param name="lamassu">null: not watched, as long as a replay puts into AWS what a recording takes for granted.</param>
    public void Watch(LamassuState? lamassu)
    {
        this.lamassu = lamassu;
        if (lamassu is null)
        {
            wrong.Clear();
            seen = 0;
        }
    }

    /// <summary>After each operation of AWS, under its lock.</summary>
    public void Look(RegionState aws)
    {
        var now = aws.Certificates.Values.Where(certificate => certificate.Status == CertificateStatuses.Active).Select(certificate => certificate.Id).ToList();
        if (lamassu is { } watched)
        {
            foreach (var id in now.Where(id => !active.Contains(id)))
            {
                Interlocked.Increment(ref seen);
                var status = watched.All(LamassuKind.Certificate).Where(certificate => LamassuCertificate.AwsId(certificate, "") == id)
                    .Select(certificate => $"{certificate.Text("serial_number")} {certificate.Text("status")}").SingleOrDefault();
                if (status?.EndsWith(" ACTIVE", StringComparison.Ordinal) != true)
                {
                    wrong.Enqueue(status ?? $"{id} unknown");
                }
            }
        }

        active.Clear();
        active.UnionWith(now);
    }
}
