using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Sandbox.Replay.Facts;

/// <summary>
/// Fact 1: each device with an identity in an <c>auto</c> DMS has a thing of its id; its current certificate is registered, attached to it and in the right status; if ACTIVE,
/// with the DMS's policies attached and the thing in the DMS's groups.
/// </summary>
internal static class RegisteredDevices
{
    private const int Number = 1;

    public static IEnumerable<Fact> Check(FactInput input) => input.Lamassu.Devices.SelectMany(device => Check(input, device));

    /// <summary>The devices that facts 1 and 2 speak of.</summary>
    public static bool IsMeant(FactInput input, JsonObject device) =>
        Identity.CurrentSerialNumber(device) is not null && input.Lamassu.SettingsOf(device) is { Mode: RegistrationMode.Auto };

    private static IEnumerable<Fact> Check(FactInput input, JsonObject device)
    {
        if (!IsMeant(input, device) || device.Text("id") is not { } deviceId)
        {
            yield break;
        }

        var serialNumber = Identity.CurrentSerialNumber(device)!;
        var certificate = input.Lamassu.Certificate(serialNumber);
        var thing = input.Aws.Things.GetValueOrDefault(deviceId);
        var registered = input.Lamassu.AwsId(certificate) is { } id ? input.Aws.Certificates.GetValueOrDefault(id) : null;
        var mayBeAbsent = input.History.MayBeAbsent(deviceId, serialNumber);
        Fact Result(string subject, bool holds, string isNow, string shouldBe) => Fact.Check(Number, subject, holds, isNow, shouldBe, () => input.NotHandledFor(device));

        var subject = $"device {deviceId}";
        if (thing is not null || !mayBeAbsent)
        {
            yield return Result(subject, thing is not null, "without thing", $"a thing {deviceId}");
        }

        // A certificate that no event carried is unknown to the replay too.
        if (certificate is null || (registered is null && mayBeAbsent))
        {
            yield break;
        }

        subject = $"device {deviceId}, certificate {serialNumber}";
        var expected = LamassuCertificate.AwsStatus(certificate);
        yield return Result(subject, registered is not null && (expected is null || registered.Status == expected), registered?.Status ?? "not registered", expected ?? "registered");
        if (registered is null || thing is null)
        {
            yield break;
        }

        var isAttached = thing.CertificateIds.Contains(input.Lamassu.AwsId(certificate)!);
        if (!mayBeAbsent)
        {
            yield return Result(subject, isAttached, "not attached to the thing", "attached to the thing");
        }

        if (expected == "ACTIVE")
        {
            var settings = input.Lamassu.SettingsOf(device)!;
            yield return Result(subject, settings.Policies.All(policy => registered.Policies.Contains(policy.Name)), $"with policies {List(registered.Policies)}",
                $"with policies {List(settings.Policies.Select(policy => policy.Name))}");
            yield return Result($"device {deviceId}", settings.Groups.All(thing.Groups.Contains), $"in groups {List(thing.Groups)}", $"in groups {List(settings.Groups)}");
        }
    }

    private static string List(IEnumerable<string> names) => $"[{string.Join(", ", names.Order(StringComparer.Ordinal))}]";
}
