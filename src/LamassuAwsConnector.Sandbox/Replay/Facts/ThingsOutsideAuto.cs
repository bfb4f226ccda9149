using LamassuAwsConnector.Sandbox.Lamassu;

namespace LamassuAwsConnector.Sandbox.Replay.Facts;

/// <summary>Fact 4: no thing was made for devices while their DMS was in mode <c>none</c>; for mode <c>jitp</c> only by a simulated connect, and a replay makes none.</summary>
internal static class ThingsOutsideAuto
{
    private const int Number = 4;

    public static IEnumerable<Fact> Check(FactInput input)
    {
        foreach (var device in input.Lamassu.Devices)
        {
            if (device.Text("id") is not { } deviceId || input.Lamassu.SettingsOf(device) is not { } settings || input.History.IsPrepared(deviceId))
            {
                continue;
            }

            var dmsId = device.Text("dms_owner")!;
            var hasThing = input.Aws.Things.ContainsKey(deviceId);
            RegistrationMode? wrongMode = input.History.ThingsMadeOutsideAuto.TryGetValue(deviceId, out var mode) ? mode
                : hasThing && !input.History.WasEver(dmsId, RegistrationMode.Auto) ? settings.Mode
                : null;
            if (wrongMode is not null || settings.Mode != RegistrationMode.Auto)
            {
                yield return Fact.Check(
                    Number, $"device {deviceId}", wrongMode is null, $"a thing, made while DMS {dmsId} was in mode {Name(wrongMode)}", $"without thing from mode {Name(wrongMode ?? settings.Mode)}",
                    () => input.History.NotHandled(LamassuKind.Dms, dmsId));
            }
        }
    }

    private static string Name(RegistrationMode? mode) => mode switch
    {
        RegistrationMode.Jitp => "jitp",
        RegistrationMode.Auto => "auto",
        _ => "none",
    };
}
