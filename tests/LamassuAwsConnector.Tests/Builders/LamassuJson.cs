using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Tests.Builders;

/// <summary>Requests to Lamassu as its users write them: wire JSON, so that a wrong name in our own records shows.</summary>
internal static class LamassuJson
{
    public const string Lamassu3Key = "lamassu.io/iot/aws-iot-test";
    public const string DocumentedKey = "connectors.lamassu.io/aws-iot-test";
    public const string Policy = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iot:Connect","Resource":"*"}]}""";

    public static JsonObject CreateCA(string id, JsonObject? metadata = null, string profileId = "profile") => new()
    {
        ["id"] = id,
        ["subject"] = new JsonObject { ["common_name"] = $"CA {id}" },
        ["key_metadata"] = new JsonObject { ["type"] = "ECDSA", ["bits"] = 256 },
        ["ca_expiration"] = new JsonObject { ["type"] = "Duration", ["duration"] = "10y" },
        ["profile_id"] = profileId,
        ["engine_id"] = "default",
        ["metadata"] = metadata ?? [],
    };

    public static JsonObject Profile() => new()
    {
        ["name"] = "devices",
        ["description"] = "",
        ["validity"] = new JsonObject { ["type"] = "Duration", ["duration"] = "1y" },
        ["honor_subject"] = true,
        ["honor_key_usage"] = false,
        ["key_usage"] = new JsonArray("DigitalSignature"),
        ["extended_key_usages"] = new JsonArray("ClientAuth"),
        ["honor_extensions"] = true,
    };

    public static JsonObject CreateDms(string id, string enrollmentCA, JsonObject? metadata, string profileId, bool revokeOnReenrollment = true) => new()
    {
        ["id"] = id,
        ["name"] = $"DMS {id}",
        ["metadata"] = metadata ?? [],
        ["settings"] = new JsonObject
        {
            ["enrollment_settings"] = new JsonObject
            {
                ["protocol"] = "EST_RFC7030",
                ["est_rfc7030_settings"] = new JsonObject { ["auth_mode"] = "NO_AUTH" },
                ["enrollment_ca"] = enrollmentCA,
                ["enable_replaceable_enrollment"] = true,
                ["registration_mode"] = "JITP",
                ["device_provisioning_profile"] = new JsonObject { ["icon"] = "i", ["icon_color"] = "#000000", ["metadata"] = new JsonObject(), ["tags"] = new JsonArray() },
            },
            ["reenrollment_settings"] = new JsonObject
            {
                ["est_rfc7030_settings"] = new JsonObject { ["auth_mode"] = "NO_AUTH" },
                ["revoke_on_reenrollment"] = revokeOnReenrollment,
                ["reenrollment_delta"] = "1y",
                ["preventive_delta"] = "4w",
                ["critical_delta"] = "1w",
                ["enable_expired_renewal"] = true,
            },
            ["ca_distribution_settings"] = new JsonObject { ["include_enrollment_ca"] = true, ["managed_cas"] = new JsonArray() },
            ["issuance_profile_id"] = profileId,
        },
    };

    public static JsonObject Requested(string key, bool primaryAccount) => key == Lamassu3Key
        ? new JsonObject
        {
            [key] = new JsonObject
            {
                ["registration"] = new JsonObject
                {
                    ["primary_account"] = primaryAccount,
                    ["registration_request_time"] = "2026-11-01T10:00:00.000Z",
                    ["status"] = "REQUESTED",
                },
            },
        }
        : new JsonObject { [key] = new JsonObject { ["registration"] = new JsonObject { ["status"] = "requested", ["primary_account"] = primaryAccount } } };

    public static JsonObject AutoDms(string key, string policy = "test-policy", string group = "test-group") => new()
    {
        [key] = key == Lamassu3Key
            ? new JsonObject
            {
                ["registration_mode"] = "auto",
                ["groups"] = new JsonArray(group),
                ["policies"] = Policies(policy),
                ["shadow_config"] = new JsonObject { ["enable"] = false },
            }
            : new JsonObject { ["group_names"] = new JsonArray(group), ["policies"] = Policies(policy), ["shadow_config"] = new JsonObject { ["enable"] = false } },
    };

    public static JsonArray Policies(params string[] names) =>
        new([.. names.Select(name => (JsonNode)new JsonObject { ["policy_name"] = name, ["policy_document"] = Policy })]);
}
