using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Replay;
using LamassuAwsConnector.Sandbox.Replay.Facts;
using static LamassuAwsConnector.Tests.Sandbox.Replay.Messages;

namespace LamassuAwsConnector.Tests.Sandbox.Replay;

/// <summary>
/// A world in which all facts hold: a DMS in mode auto with a device that renewed its certificate once, its CA, and a DMS in mode jitp. A test breaks one thing.
/// </summary>
internal sealed class FactWorld
{
    public const string Document = """{"Version":"2012-10-17","Statement":[]}""";

    public FactWorld()
    {
        History.RegistrationAsked("device", "0b", usable: true);
        History.ToldOfDms("jitp");
        History.SawDms(Dms, ConnectorId);
        History.SawDms(JitpDms, ConnectorId);
    }

    public JsonObject Dms { get; } = Json($$"""
        {"id":"dms","settings":{"reenrollment_settings":{"revoke_on_reenrollment":true} },
         "metadata":{"{{Key}}":{"registration_mode":"auto","groups":["g"],"policies":[{"policy_name":"p","policy_document":"{\"Version\":\"2012-10-17\",\"Statement\":[]}"}]} } }
        """);

    public JsonObject JitpDms { get; } = Json($$"""
        {"id":"jitp","metadata":{"{{Key}}":{"registration_mode":"jitp","groups":["g"],"policies":[{"policy_name":"p","policy_document":"{}"}],
         "jitp_config":{"enable_template":true,"provisioning_role_arn":"arn:aws:iam::123456789012:role/r"} } } }
        """);

    public JsonObject Device { get; } = Json("""
        {"id":"device","status":"ACTIVE","dms_owner":"dms","identity":{"status":"ACTIVE","active_version":1,"versions":{"0":"0a","1":"0b"} } }
        """);

    public JsonObject JitpDevice { get; } = Json("""
        {"id":"late","status":"ACTIVE","dms_owner":"jitp","identity":{"status":"ACTIVE","active_version":0,"versions":{"0":"0c"} } }
        """);

    public JsonObject Earlier { get; } = Noted("0a", "REVOKED", "aws-0a");

    public JsonObject Current { get; } = Noted("0b", "ACTIVE", "aws-0b");

    public JsonObject CA { get; } = new()
    {
        ["id"] = "ca",
        ["certificate"] = Noted("ca0", "ACTIVE", "aws-ca0", isCA: true),
        ["metadata"] = Json($$"""{"{{Key}}":{"registration":{"status":"SUCCEEDED"} } }"""),
    };

    public JsonObject FormerCA { get; } = Noted("former", "ACTIVE", "aws-former", isCA: true);

    public Dictionary<string, AwsCA> CAs { get; } = new() { ["aws-ca0"] = new("ACTIVE"), ["aws-former"] = new("ACTIVE") };

    public Dictionary<string, AwsCertificate> Certificates { get; } = new()
    {
        ["aws-0a"] = new("REVOKED", new HashSet<string>()),
        ["aws-0b"] = new("ACTIVE", new HashSet<string> { "p", "of-somebody-else" }),
    };

    public Dictionary<string, AwsThing> Things { get; } = new() { ["device"] = new(new HashSet<string> { "aws-0b" }, new HashSet<string> { "g", "of-somebody-else" }) };

    public Dictionary<string, string> Policies { get; } = new() { ["p"] = """{"Statement":[], "Version":"2012-10-17"}""" };

    public Dictionary<string, AwsTemplate> Templates { get; } = new() { ["jitp"] = new(TemplateText(), true, "JITP", "arn:aws:iam::123456789012:role/r") };

    public ReplayHistory History { get; } = new();

    public static string TemplateText(string thingName = "AWS::IoT::Certificate::CommonName", string group = "g", string policy = "p", string status = "ACTIVE") => $$"""
        {"Parameters":{"AWS::IoT::Certificate::CommonName":{"Type":"String"} },"Resources":{
          "thing":{"Type":"AWS::IoT::Thing","Properties":{"ThingName":{"Ref":"{{thingName}}"},"ThingGroups":["{{group}}"]} },
          "certificate":{"Type":"AWS::IoT::Certificate","Properties":{"CertificateId":{"Ref":"AWS::IoT::Certificate::Id"},"Status":"{{status}}"} },
          "policy":{"Type":"AWS::IoT::Policy","Properties":{"PolicyName":"{{policy}}"} } } }
        """;

    public void SetCurrent(string status, string reason = "Unspecified")
    {
        Current["status"] = status;
        Current["revocation_reason"] = reason;
    }

    public static void SetDmsNote(JsonObject dms, string name, JsonNode? value) => dms["metadata"]![Key]![name] = value;

    public IReadOnlyList<Fact> Check()
    {
        JsonObject?[] certificates = [Earlier, Current, FormerCA, CA["certificate"] as JsonObject];
        var lamassu = new LamassuView(ConnectorId, [CA], certificates.OfType<JsonObject>(), [Device, JitpDevice], [Dms, JitpDms]);
        return AllFacts.Check(new FactInput(lamassu, History, new AwsSnapshot(CAs, Certificates, Things, Policies, Templates)));
    }

    /// <summary>The numbers of the facts that do not hold.</summary>
    public IEnumerable<int> Broken() => Check().Where(fact => fact.State != FactState.Holds).Select(fact => fact.Number).Distinct();

    // Where the certificate itself cannot be read, its id in AWS is that of the connector's note.
    private static JsonObject Noted(string serialNumber, string status, string awsId, bool isCA = false) => new()
    {
        ["serial_number"] = serialNumber,
        ["status"] = status,
        ["revocation_reason"] = "Unspecified",
        ["is_ca"] = isCA,
        ["issuer_metadata"] = new JsonObject { ["id"] = "ca" },
        ["metadata"] = new JsonObject { [Key] = new JsonObject { ["arn"] = $"arn:aws:iot:eu-west-1:123456789012:cert/{awsId}" } },
    };
}
