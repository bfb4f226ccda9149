using System.Text.Json.Nodes;
using LamassuAwsConnector.Core.Metadata;

namespace LamassuAwsConnector.Core.DeviceManufacturing;

/// <summary>The settings of a DMS that put it into mode jitp and out of it again, in either dialect. Members that we do not know stay.</summary>
internal static class JitpSettings
{
    private const string RegistrationMode = "registration_mode";
    private const string EnableTemplate = "enable_template";
    private const string RoleArn = "provisioning_role_arn";

    /// <exception cref="ConnectorException">Conflict: the documented dialect has no word for a disabled template.</exception>
    public static void Ask(ConnectorMetadata note, PutJitpTemplate command, string templateArn)
    {
        var (dialect, settings) = (note.Dialect, note.Value);
        if (dialect == MetadataDialect.Documented && !command.Enabled)
        {
            throw new ConnectorException(
                FailureKind.Conflict,
                "jitp_disabled_means_auto",
                FailureSource.Connector,
                $"In the settings of DMS {command.DmsId} a disabled template means that its devices are registered one by one (mode auto); "
                    + "DELETE the template for that.");
        }

        if (dialect == MetadataDialect.Lamassu3)
        {
            settings[RegistrationMode] = "jitp";
        }

        var config = Config(dialect, settings);
        config[EnableTemplate] = command.Enabled;
        Set(config, dialect == MetadataDialect.Documented ? "aws_ca_certificate_id" : "aws_ca_id", command.AwsCACertificateId);
        Set(config, RoleArn, command.ProvisioningRoleArn);
        if (dialect == MetadataDialect.Lamassu3)
        {
            config["arn"] = templateArn;
        }
    }

    /// <summary>Afterwards the mode is auto in the documented dialect, which has no other, and none in that of Lamassu 3.</summary>
    public static void TakeAway(ConnectorMetadata note)
    {
        if (note.Dialect == MetadataDialect.Documented)
        {
            Config(note.Dialect, note.Value)[EnableTemplate] = false;
        }
        else
        {
            note.Value[RegistrationMode] = "none";
        }
    }

    private static void Set(JsonObject config, string member, string? value)
    {
        if (value is { Length: > 0 })
        {
            config[member] = value;
        }
        else if (value is not null)
        {
            config.Remove(member);
        }
    }

    private static JsonObject Config(MetadataDialect dialect, JsonObject settings)
    {
        if (settings.Object(Member(dialect)) is { } present)
        {
            return present;
        }

        var config = new JsonObject();
        settings[Member(dialect)] = config;
        return config;
    }

    private static string Member(MetadataDialect dialect) => dialect == MetadataDialect.Documented ? "jitp_provisioning_template" : "jitp_config";
}
