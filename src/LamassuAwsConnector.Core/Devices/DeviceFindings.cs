using LamassuAwsConnector.Core.Certificates;
using LamassuAwsConnector.Core.Lamassu.Models;

namespace LamassuAwsConnector.Core.Devices;

/// <summary>What is wrong with a device, in sentences. Who gets in and should not comes first.</summary>
internal static class DeviceFindings
{
    private const string Active = "ACTIVE";

    /// <param name="hasDms">The device's DMS is in Lamassu.</param>
    /// <param name="problems">Why metadata could not be read.</param>
    public static IEnumerable<Finding> OfSettings(DeviceView view, bool hasDms, IReadOnlyList<ConnectorException?> problems)
    {
        var device = view.Device;
        foreach (var problem in problems.OfType<ConnectorException>())
        {
            yield return new Finding(problem.Code, problem.Message, "Correct it in Lamassu; until then the device gets nothing from this connector.");
        }

        if (!ThingNames.IsValid(device.Id))
        {
            yield return new Finding(
                "device_id_no_thing_name",
                $"The device's id '{device.Id}' can't be a thing name in AWS: 1 to 128 letters, digits or :_- are allowed.",
                "Enrol it under another id.");
        }

        if (!hasDms)
        {
            yield return new Finding(
                "dms_missing",
                $"DMS '{device.DmsId}' of device {device.Id} does not exist in Lamassu, so nothing says what the device needs in AWS.",
                "Create the DMS again under that id, or enrol the device at another one.");
        }
        else if (device.Mode == "none")
        {
            yield return new Finding(
                "mode_none",
                $"DMS {device.DmsId} has registration mode none: its devices are not registered in AWS.",
                "If they should be, set registration_mode to auto or jitp in the DMS's settings for this connector.");
        }
        else if (device.Mode is null && problems.All(problem => problem is null))
        {
            yield return new Finding(
                "dms_without_settings",
                $"DMS {device.DmsId} has no settings for this connector: its devices are not registered in AWS.",
                "If they should be, add the settings to the DMS's metadata.");
        }
    }

    /// <param name="dms">null when Lamassu does not have it.</param>
    public static IEnumerable<Finding> Of(DeviceView view, Dms? dms)
    {
        var isDecommissioned = LamassuStatus.Is(view.Device.Status, LamassuStatus.Decommissioned);
        var keepsEarlier = dms?.Settings?.Reenrollment?.RevokeOnReenrollment == false;
        var findings = view.Certificates.Select(certificate => OfOpenCertificate(view.Device, certificate, isDecommissioned, keepsEarlier)).OfType<Finding>();
        if (view.Connection?.Connected == true && view.Certificates.All(certificate => certificate.IsOurs && certificate.AwsStatus != Active))
        {
            findings = findings.Append(new Finding(
                "connected_though_shut_out",
                $"Client {view.Device.Id} is connected, and none of the device's certificates is ACTIVE in AWS.",
                "AWS cuts such connections within a few minutes. If it does not, delete the connection in AWS and find out by which certificate it came."));
        }

        if (!isDecommissioned && view.Device.Mode is "auto" or "jitp")
        {
            findings = findings.Concat(OfIdentity(view));
        }

        return findings.Concat(OfNotes(view));
    }

    private static Finding? OfOpenCertificate(DeviceInLamassu device, DeviceCertificate certificate, bool isDecommissioned, bool keepsEarlier)
    {
        const string WaitThenRevoke =
            "If its event is not handled within minutes, set the certificate REVOKED in AWS, or INACTIVE if it is on hold or expired.";
        if (!certificate.IsOurs || certificate.AwsStatus != Active)
        {
            return null;
        }

        var name = $"{(certificate.IsCurrent ? "The current" : "An earlier")} certificate of device {device.Id} ({certificate.SerialNumber})";
        return LamassuStatus.ShutOut(certificate.LamassuStatus, certificate.RevocationReason) is not null
                ? new Finding(
                    "revoked_but_active", $"{name} is {certificate.LamassuStatus} in Lamassu and ACTIVE in AWS: it may connect still.", WaitThenRevoke)
            : isDecommissioned
                ? new Finding("decommissioned_but_active", $"{name} is ACTIVE in AWS, and the device is decommissioned: it may connect still.", WaitThenRevoke)
            : !certificate.IsCurrent && !keepsEarlier
                ? new Finding(
                    "earlier_certificate_active",
                    $"{name} is ACTIVE in AWS still.",
                    $"It is retired with the next registration: {Post(device.Id)}. To keep earlier ones, the DMS sets revoke_on_reenrollment to false.")
            : null;
    }

    private static IEnumerable<Finding> OfIdentity(DeviceView view)
    {
        var id = view.Device.Id;
        var current = view.Certificates.FirstOrDefault(certificate => certificate.IsCurrent);
        return current switch
        {
            null => [new Finding("no_identity", $"Device {id} has no certificate in Lamassu, so nothing to connect with.", "Enrol the device.")],
            { LamassuStatus: null } => [new Finding(
                "certificate_not_in_lamassu",
                $"Certificate {current.SerialNumber}, which the device's identity names, does not exist in Lamassu.",
                "Enrol the device again.")],
            _ when !LamassuStatus.Is(current.LamassuStatus, LamassuStatus.Active) => [new Finding(
                "identity_not_active",
                $"The current certificate of device {id} is {current.LamassuStatus} in Lamassu"
                    + $"{(current.RevocationReason is { } reason ? $" ({reason})" : "")}.",
                "Enrol the device again, or lift the hold in Lamassu if it is one.")],
            _ => [.. OfCA(view, current), .. OfCertificate(view, current), .. OfThing(view, current), .. OfPolicies(view, current)],
        };
    }

    private static IEnumerable<Finding> OfCA(DeviceView view, DeviceCertificate current)
    {
        var id = view.Device.Id;
        if (view.CA is not { } ca)
        {
            yield return new Finding(
                "issuer_unknown",
                $"Lamassu does not have the CA that issued the current certificate of device {id}.",
                "Enrol the device at a CA that Lamassu has and that is registered in AWS.");
        }
        else if (ca.AwsStatus is null)
        {
            yield return new Finding(
                "ca_not_registered",
                $"CA {ca.Id}, which issued the current certificate of device {id}, is not registered in this AWS account and region.",
                $"POST /v1/cas/{Uri.EscapeDataString(ca.Id)}/register-aws, then {Post(id)}.");
        }
        else if (ca.AwsStatus != Active && current.AwsStatus is null)
        {
            yield return new Finding(
                "ca_inactive",
                $"CA {ca.Id}, which issued the current certificate of device {id}, is {ca.AwsStatus} in AWS, and the certificate is not registered there.",
                $"GET /v1/cas/{Uri.EscapeDataString(ca.Id)}/aws says why and what to do.");
        }
    }

    private static IEnumerable<Finding> OfCertificate(DeviceView view, DeviceCertificate current)
    {
        var name = $"The current certificate of device {view.Device.Id}";
        switch (current.AwsStatus)
        {
            case Active:
                break;
            case null:
                yield return new Finding("certificate_missing", $"{name} is not registered in AWS.", ToRegister(view.Device));
                break;
            case "REVOKED":
                yield return new Finding(
                    "certificate_revoked_in_aws",
                    $"{name} is ACTIVE in Lamassu and REVOKED in AWS, which is final there.",
                    "The device needs a new certificate: revoke this one in Lamassu and enrol the device again.");
                break;
            default:
                yield return new Finding(
                    "certificate_inactive",
                    $"{name} is ACTIVE in Lamassu and {current.AwsStatus} in AWS: it can't connect.",
                    "Find out who set it so; the connector leaves it. Set it ACTIVE in AWS if the device should connect.");
                break;
        }
    }

    private static IEnumerable<Finding> OfThing(DeviceView view, DeviceCertificate current)
    {
        if (view.Thing is not { } thing)
        {
            yield return new Finding("thing_missing", $"There is no thing {view.Device.Id} in AWS.", ToRegister(view.Device));
            yield break;
        }

        if (current.AwsStatus is not null && !current.IsAttached)
        {
            yield return new Finding(
                "certificate_not_attached", $"The current certificate of device {view.Device.Id} is not attached to its thing.", $"{Post(view.Device.Id)}.");
        }

        foreach (var group in thing.MissingGroups)
        {
            yield return new Finding(
                "not_in_group", $"Thing {thing.Name} is not in thing group {group}, which DMS {view.Device.DmsId} asks for.", $"{Post(view.Device.Id)}.");
        }
    }

    private static IEnumerable<Finding> OfPolicies(DeviceView view, DeviceCertificate current)
    {
        foreach (var policy in view.Policies)
        {
            var name = $"Policy {policy.Name}";
            if (policy.IsInAws == false)
            {
                yield return new Finding("policy_missing", $"{name}, which DMS {view.Device.DmsId} asks for, does not exist in AWS.", ToRegister(view.Device));
            }
            else if (policy.IsRequested && !policy.IsAttached && current.AwsStatus is not null)
            {
                yield return new Finding(
                    "policy_not_attached",
                    $"{name}, which DMS {view.Device.DmsId} asks for, is not attached to the current certificate of device {view.Device.Id}.",
                    $"{Post(view.Device.Id)}.");
            }

            if (policy.IsSameDocument == false)
            {
                yield return new Finding(
                    "policy_differs",
                    $"{name} has another document in AWS than in DMS {view.Device.DmsId}.",
                    "Several DMSs may share it, so the connector leaves it. Make the two the same: in the DMS, or as a new default version in AWS.");
            }

            if (!policy.IsRequested)
            {
                yield return new Finding(
                    "policy_not_of_dms",
                    $"{name} is attached to the current certificate of device {view.Device.Id}, and DMS {view.Device.DmsId} does not ask for it.",
                    "It is left, as removing can stop a device. Detach it in AWS if it gives too much.");
            }
        }
    }

    private static IEnumerable<Finding> OfNotes(DeviceView view)
    {
        var device = view.Device;
        if (device.Error is { } error)
        {
            yield return new Finding(
                "error_noted",
                $"The last registration of device {device.Id} failed{(device.ErrorTime is { } time ? $" at {time}" : "")}: {error}",
                $"Mend what it says, then {Post(device.Id)}; success removes the note.");
        }

        if (device.Actions.Count > 0 && !view.Shadow.Enabled)
        {
            yield return new Finding(
                "actions_wait",
                $"The metadata of device {device.Id} ask for {string.Join(", ", device.Actions)}, and DMS {device.DmsId} uses no shadows for this connector.",
                "Set shadow_config.enable in the DMS's settings, or remove the actions from the device.");
        }

        if (view.Connection is { Connected: null })
        {
            yield return new Finding(
                "connection_not_shown",
                "AWS does not let the connector see connections, so nothing is said of this device's.",
                "Add iot:GetConnection to the connector's IAM policy if you want to see them.");
        }
    }

    private static string ToRegister(DeviceInLamassu device) => device.Mode == "jitp"
        ? "AWS registers it when the device connects, if the CA runs the DMS's template (GET /v1/dms/{dmsId}/jitp-template); "
            + $"to do it now: {Post(device.Id)}."
        : $"{Post(device.Id)}.";

    private static string Post(string deviceId) => $"POST /v1/devices/{Uri.EscapeDataString(deviceId)}/register-aws";
}
