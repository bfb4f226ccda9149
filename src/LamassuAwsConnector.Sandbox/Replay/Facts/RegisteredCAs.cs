using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu;

namespace LamassuAwsConnector.Sandbox.Replay.Facts;

/// <summary>
/// Fact 5: each CA whose registration succeeded exists, ACTIVE, or INACTIVE where Lamassu has revoked or expired it; the same for a reissued CA's former certificate
/// that is registered.
/// </summary>
internal static class RegisteredCAs
{
    private const int Number = 5;

    public static IEnumerable<Fact> Check(FactInput input) => input.Lamassu.CAs.SelectMany(ca => CheckCurrent(input, ca)).Concat(CheckFormer(input));

    private static IEnumerable<Fact> CheckCurrent(FactInput input, JsonObject ca)
    {
        var certificate = ca.Object("certificate");
        if (ca.Text("id") is not { } caId)
        {
            yield break;
        }

        // A reissue wipes the note. One that was shut out before its new certificate was registered is not registered any more.
        var isWiped = input.History.HasSucceeded(caId) && (LamassuCertificate.IsActive(certificate) || Find(input, certificate) is not null);
        if (ConnectorNotes.RegistrationSucceeded(ca, input.Lamassu.ConnectorId) || isWiped)
        {
            yield return Check(input, $"CA {caId}", certificate, caId);
        }
    }

    private static IEnumerable<Fact> CheckFormer(FactInput input)
    {
        var current = input.Lamassu.CAs.Select(ca => ca.Object("certificate").Text("serial_number")).ToHashSet(StringComparer.Ordinal);
        return from certificate in input.Lamassu.Certificates
               where certificate.Flag("is_ca") == true && !current.Contains(certificate.Text("serial_number"))
               where Find(input, certificate) is not null
               let caId = certificate.Object("issuer_metadata").Text("id")
               select Check(input, $"CA {caId}, former certificate {certificate.Text("serial_number")}", certificate, caId);
    }

    private static Fact Check(FactInput input, string subject, JsonObject? certificate, string? caId)
    {
        var expected = LamassuCertificate.IsActive(certificate) ? "ACTIVE" : certificate.Text("status") is "REVOKED" or "EXPIRED" ? "INACTIVE" : null;
        var registered = Find(input, certificate);
        return Fact.Check(
            Number, subject, registered is not null && (expected is null || registered.Status == expected), registered?.Status ?? "not registered", expected ?? "registered",
            () => input.History.NotHandled(LamassuKind.CA, caId).Concat(input.History.NotHandled(LamassuKind.Certificate, certificate.Text("serial_number"))));
    }

    private static AwsCA? Find(FactInput input, JsonObject? certificate) => input.Lamassu.AwsId(certificate) is { } id ? input.Aws.CAs.GetValueOrDefault(id) : null;
}
