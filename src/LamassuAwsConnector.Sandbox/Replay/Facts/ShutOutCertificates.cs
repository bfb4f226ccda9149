using LamassuAwsConnector.Sandbox.Lamassu;

namespace LamassuAwsConnector.Sandbox.Replay.Facts;

/// <summary>Fact 3: no certificate is ACTIVE in AWS that Lamassu has revoked, on hold, or expired.</summary>
internal static class ShutOutCertificates
{
    private const int Number = 3;

    public static IEnumerable<Fact> Check(FactInput input)
    {
        foreach (var certificate in input.Lamassu.Certificates.Where(certificate => certificate.Text("status") is "REVOKED" or "EXPIRED"))
        {
            if (input.Lamassu.AwsId(certificate) is { } id && input.Aws.Certificates.TryGetValue(id, out var registered))
            {
                var reason = LamassuCertificate.IsOnHold(certificate) ? "on hold" : certificate.Text("status") == "EXPIRED" ? "expired" : "revoked";
                yield return Fact.Check(
                    Number, $"certificate {certificate.Text("serial_number")}", registered.Status != "ACTIVE", registered.Status, $"not ACTIVE, since Lamassu has it {reason}",
                    () => input.History.NotHandled(LamassuKind.Certificate, certificate.Text("serial_number")));
            }
        }
    }
}
