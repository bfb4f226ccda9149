using System.Text;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Aws;

namespace LamassuAwsConnector.Tests.Sandbox.Aws;

/// <summary>Requests recorded from AWS's own SDK.</summary>
public sealed class RoutesTests : AwsStandInTest
{
    // Nothing here uses them.
    private static readonly HashSet<string> NotServed = ["Publish", "ReceiveMessage", "DeleteMessage"];

    private static readonly JsonArray Recordings = JsonNode.Parse(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "TestData", "aws", "golden-requests.json"))
    )!["recordings"]!.AsArray();

    public static TheoryData<string, string> Recorded =>
        [
            .. Recordings
                .Where(recording => !NotServed.Contains(Operation(recording)))
                .Select(recording => (Operation(recording), recording!["case"]!.ToString())),
        ];

    [Theory]
    [MemberData(nameof(Recorded))]
    public void A_recorded_request_reaches_its_operation(string name, string @case)
    {
        var recording = Recordings.Single(entry => Operation(entry) == name && entry!["case"]!.ToString() == @case)!;
        var request = recording["request"]!;
        var service = AwsServices.Named(request["signing"]!["service"]!.ToString());

        var (operation, labels) = Routes.Find(service!.Value, request["method"]!.ToString(), request["path"]!.ToString());
        var query = AwsCall.ParseQuery(request["query"]!.ToString(), operation);
        var body = AwsCall.ParseBody(Encoding.UTF8.GetBytes(request["body"]!["text"]?.ToString() ?? ""), operation);

        Assert.Equal(name, operation.Name);
        Assert.Equal(
            request["queryParameters"]!.AsArray().Select(pair => (pair![0]!.ToString(), pair[1]!.ToString())).Order(),
            query.Select(pair => (pair.Key, pair.Value)).Order()
        );
        Assert.All(labels.Values, label => Assert.Contains(label, Texts(recording["input"])));
        Assert.True(operation.RawBody || JsonNode.DeepEquals(request["body"]!["json"] ?? new JsonObject(), body));
    }

    [Fact]
    public void No_operation_but_the_named_ones_is_left_out() =>
        Assert.Equal(NotServed.Order(), Recordings.Select(Operation).Except(Routes.Operations.Select(operation => operation.Name)).Order());

    [Theory]
    [InlineData("GET /nothing")]
    [InlineData("PATCH /registrationcode")]
    [InlineData("GET /things/a/b/c")]
    [InlineData("POST /topics/a")]
    public async Task An_unknown_operation_is_said_to_be_one(string requestLine) => (await CallAsync(requestLine)).Refused(404, "UnknownOperationException");

    [Fact]
    public async Task The_data_plane_says_that_a_method_is_not_allowed() =>
        (await DataAsync("PUT /things/a/shadow", "{}")).Refused(405, "MethodNotAllowedException");

    [Fact]
    public async Task The_planes_do_not_serve_each_other()
    {
        (await CallAsync("GET /things/a/shadow")).Refused(404, "UnknownOperationException");
        (await DataAsync("GET /registrationcode")).Refused(404, "UnknownOperationException");
    }

    [Theory]
    [InlineData("GET /things?maxResult=1", null)]
    [InlineData("GET /things?maxResults=1&maxResults=2", null)]
    [InlineData("POST /things/a", """{"attributes":{}}""")]
    public async Task A_misspelt_or_repeated_name_is_refused(string requestLine, string? body) => (await CallAsync(requestLine, body)).RefusedAsInvalid();

    [Theory]
    [InlineData("POST /things/a", "no JSON")]
    [InlineData("POST /things/a", "[]")]
    [InlineData("POST /things/a", """{"thingTypeName":1}""")]
    [InlineData("POST /things/a", """{"attributePayload":{},"attributePayload":{}}""")]
    [InlineData("PATCH /provisioning-templates/a", """{"enabled":"true"}""")]
    [InlineData("GET /things?maxResults=one", null)]
    public async Task A_wrong_type_is_refused(string requestLine, string? body)
    {
        if (requestLine.StartsWith("PATCH", StringComparison.Ordinal))
        {
            (await CallAsync("POST /provisioning-templates", ProvisioningTemplateTests.Template("a"))).Succeeded();
        }

        var answer = await CallAsync(requestLine, body);
        answer.Refused(400, "SerializationException");
    }

    private static string Operation(JsonNode? recording) => recording!["operation"]!.ToString();

    private static IEnumerable<string> Texts(JsonNode? node) =>
        node switch
        {
            JsonObject members => members.SelectMany(member => Texts(member.Value)),
            JsonArray items => items.SelectMany(Texts),
            null => [],
            _ => [node.ToString()],
        };
}
