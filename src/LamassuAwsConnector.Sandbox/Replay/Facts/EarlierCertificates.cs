namespace LamassuAwsConnector.Sandbox.Replay.Facts;

/// <summary>
/// Fact 2: no earlier certificate of a device of fact 1 is ACTIVE, unless its DMS has <c>revoke_on_reenrollment: false</c> and Lamassu has it ACTIVE.
/// </summary>
internal static class EarlierCertificates
{
    private const int Number = 2;

    public static IEnumerable<Fact> Check(FactInput input)
    {
        foreach (var device in input.Lamassu.Devices.Where(device => RegisteredDevices.IsMeant(input, device)))
        {
            var current = Identity.CurrentSerialNumber(device);
            var reenrollment = input.Lamassu.Dms(device.Text("dms_owner")).Object("settings").Object("reenrollment_settings");
            foreach (var serialNumber in Identity.SerialNumbers(device).Where(serialNumber => serialNumber != current).Distinct(StringComparer.Ordinal))
            {
                var certificate = input.Lamassu.Certificate(serialNumber);
                var isActive = input.Lamassu.AwsId(certificate) is { } id && input.Aws.Certificates.GetValueOrDefault(id)?.Status == "ACTIVE";
                var mayStay = reenrollment.Flag("revoke_on_reenrollment") == false && LamassuCertificate.IsActive(certificate);
                yield return Fact.Check(
                    Number, $"device {device.Text("id")}, earlier certificate {serialNumber}", !isActive || mayStay, "ACTIVE", "not ACTIVE", () => input.NotHandledFor(device));
            }
        }
    }
}
